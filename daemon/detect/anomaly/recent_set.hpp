#pragma once
// A small exact set of keys with the second each was last seen, for "distinct X in a window".
#include <algorithm>
#include <cstdint>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::anomaly {

/// Holds at most the capacity given to add(); then the key seen longest ago makes room, so
/// counting up to the capacity is exact.
class RecentSet {
  public:
    /// Whether the key was not there. `mark` replaces the key's earlier mark.
    bool add(std::uint32_t key, Timestamp time, bool mark, std::size_t capacity) {
        const std::uint32_t second = second_of(time);
        for (Item& item : items_)
            if (item.key == key) {
                item.second = std::max(item.second, second);
                item.mark = mark;
                return false;
            }
        if (items_.size() >= capacity)
            *std::ranges::min_element(items_, {}, &Item::second) = {key, second, mark};
        else
            items_.push_back({key, second, mark});
        return true;
    }
    /// Keys seen after `since`.
    [[nodiscard]] std::size_t count(Timestamp since) const {
        return tally(since, [](const Item&) { return true; });
    }
    /// Those of them whose mark is set.
    [[nodiscard]] std::size_t marked(Timestamp since) const {
        return tally(since, [](const Item& item) { return item.mark; });
    }

  private:
    struct Item {
        std::uint32_t key = 0;
        std::uint32_t second = 0;  // since 1970, good until 2106
        bool mark = false;
    };

    static std::uint32_t second_of(Timestamp time) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
        return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds.count(), 0, UINT32_MAX));
    }
    template <class Predicate>
    std::size_t tally(Timestamp since, Predicate&& predicate) const {
        const std::uint32_t after = second_of(since);
        return static_cast<std::size_t>(std::ranges::count_if(
            items_, [&](const Item& item) { return item.second > after && predicate(item); }));
    }

    std::vector<Item> items_;
};

}  // namespace kentongan::anomaly
