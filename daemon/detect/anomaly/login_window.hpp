#pragma once
// What is remembered of the logins of one source, in a few hundred bytes.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/detect/anomaly/recent_set.hpp"

namespace kentongan::anomaly {

/// The newest event times, sorted: exact for "at least N within a window" with N the capacity.
class NewestTimes {
  public:
    void add(Timestamp time, std::size_t capacity) {
        times_.insert(std::ranges::upper_bound(times_, time), time);
        while (times_.size() > capacity) times_.erase(times_.begin());
    }
    /// Whether the newest `capacity` times lie within `window` up to the newest of them.
    [[nodiscard]] bool full_within(Duration window, std::size_t capacity) const {
        return times_.size() >= capacity &&
               times_.back() - times_[times_.size() - capacity] < window;
    }

  private:
    std::vector<Timestamp> times_;
};

/// Failures and successes in a sliding window cut into twelve steps.
class OutcomeWindow {
  public:
    void add(Timestamp time, bool success, Duration window) {
        const std::int64_t step = step_of(time, window);
        Slot& slot = slots_[static_cast<std::size_t>(step) % kSteps];
        if (step < slot.step) return;  // older than the window
        if (step > slot.step) slot = {step, 0, 0};
        ++(success ? slot.successes : slot.failures);
    }
    /// Share of successes in the window that ends at `now`; 0 when there was no login.
    [[nodiscard]] double success_share(Timestamp now, Duration window) const {
        const std::int64_t oldest = step_of(now, window) - std::int64_t{kSteps} + 1;
        std::uint64_t successes = 0;
        std::uint64_t all = 0;
        for (const Slot& slot : slots_) {
            if (slot.step < oldest) continue;
            successes += slot.successes;
            all += std::uint64_t{slot.successes} + slot.failures;
        }
        return all == 0 ? 0 : static_cast<double>(successes) / static_cast<double>(all);
    }

  private:
    static constexpr std::size_t kSteps = 12;
    struct Slot {
        std::int64_t step = 0;
        std::uint32_t failures = 0;
        std::uint32_t successes = 0;
    };
    static std::int64_t step_of(Timestamp time, Duration window) {
        const Duration step = std::max(window / std::int64_t{kSteps}, Duration{1});
        return std::max<std::int64_t>(time.time_since_epoch() / step, 0);
    }

    std::array<Slot, kSteps> slots_{};
};

}  // namespace kentongan::anomaly
