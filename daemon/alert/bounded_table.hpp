#pragma once
// BoundedTable: values by text, of which the one that was used longest ago makes room for a new
// one.
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace kentongan {

template <class Value>
class BoundedTable {
  public:
    explicit BoundedTable(std::size_t capacity) : capacity_(capacity < 1 ? 1 : capacity) {}

    /// The value of the key, made when it is not there. Valid until the next call.
    Value& at(const std::string& key) {
        if (const auto found = places_.find(key); found != places_.end()) {
            order_.splice(order_.begin(), order_, found->second);
            return found->second->second;
        }
        if (places_.size() >= capacity_) {
            places_.erase(order_.back().first);
            order_.pop_back();
            ++evicted_;
        }
        order_.emplace_front(key, Value{});
        places_.emplace(order_.front().first, order_.begin());
        return order_.front().second;
    }
    Value* find(const std::string& key) {
        const auto found = places_.find(key);
        return found == places_.end() ? nullptr : &found->second->second;
    }
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    using Entries = std::list<std::pair<const std::string, Value>>;  // newest use first
    std::size_t capacity_;
    Entries order_;
    std::unordered_map<std::string_view, typename Entries::iterator> places_;  // keys in order_
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan
