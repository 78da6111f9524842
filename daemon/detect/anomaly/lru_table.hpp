#pragma once
// A table of bounded size for keys that hostile traffic chooses: the least recently used entry
// makes room, idle ones expire, and an entry pushed out while still in use is counted.
#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <list>

#include "daemon/base/time.hpp"
#include "daemon/detect/anomaly/keyed_hash.hpp"

namespace kentongan::anomaly {

/// Times are event times. Not thread-safe. References stay valid until the entry leaves.
template <class Key, class Value>
class LruTable {
  public:
    struct Touched {
        Value& value;
        bool created;
    };

    /// An entry is in use until `time_to_live` after it was last touched.
    LruTable(std::int64_t capacity, Duration time_to_live, std::uint64_t seed)
        : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(capacity, 1))),
          time_to_live_(time_to_live),
          index_(0, KeyedHash{seed}) {}

    /// The entry of `key`, made when there is none, as the most recently used.
    Touched touch(const Key& key, Timestamp now) {
        if (const auto found = index_.find(key); found != index_.end()) {
            found->second->touched = std::max(found->second->touched, now);
            entries_.splice(entries_.end(), entries_, found->second);
            return {found->second->value, false};
        }
        if (entries_.size() == capacity_) make_room(now);
        entries_.push_back({key, now, Value{}});
        index_.emplace(key, std::prev(entries_.end()));
        return {entries_.back().value, true};
    }
    [[nodiscard]] Value* find(const Key& key) {
        const auto found = index_.find(key);
        return found == index_.end() ? nullptr : &found->second->value;
    }
    void erase(const Key& key) {
        const auto found = index_.find(key);
        if (found == index_.end()) return;
        entries_.erase(found->second);
        index_.erase(found);
    }
    void expire(Timestamp now) {
        while (!entries_.empty() && entries_.front().touched + time_to_live_ <= now) drop_front();
    }
    /// Least recently used first; `visit(key, value)` may change the value.
    template <class Visit>
    void for_each(Visit&& visit) {
        for (Entry& entry : entries_) visit(entry.key, entry.value);
    }
    /// The same with when each was touched: `visit(key, touched, value)`.
    template <class Visit>
    void for_each_touched(Visit&& visit) const {
        for (const Entry& entry : entries_) visit(entry.key, entry.touched, entry.value);
    }
    void clear() {
        index_.clear();
        entries_.clear();
    }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

  private:
    struct Entry {
        Key key;
        Timestamp touched;
        Value value;
    };
    using Entries = std::list<Entry>;

    void make_room(Timestamp now) {
        if (entries_.front().touched + time_to_live_ > now) ++evicted_;
        drop_front();
    }
    void drop_front() {
        index_.erase(entries_.front().key);
        entries_.pop_front();
    }

    std::size_t capacity_;
    Duration time_to_live_;
    std::uint64_t evicted_ = 0;
    Entries entries_;
    boost::unordered_flat_map<Key, typename Entries::iterator, KeyedHash> index_;
};

}  // namespace kentongan::anomaly
