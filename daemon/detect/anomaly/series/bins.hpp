#pragma once
// Cuts event time into bins that close one after another.
#include <cstdint>

#include "daemon/base/time.hpp"

namespace kentongan::anomaly {

/// One bin is open. A later second opens its own; one up to two bins earlier counts in the open bin
/// and is late; what is older is lost. A single line with a time far ahead must not close the door
/// on all others: after 32 lost seconds in a row the bins move back to them.
class Bins {
  public:
    explicit Bins(Duration step) : step_(step > Duration{0} ? step : Duration{1}) {}

    /// Whether the open bin has to be closed, and open() called, before this second is counted.
    [[nodiscard]] bool ends_with(Timestamp second) {
        const auto bin = bin_of(second);
        behind_ = is_lost(second) ? behind_ + 1 : 0;
        return bin > open_ || behind_ >= kBehind;
    }
    void open(Timestamp second) {
        open_ = bin_of(second);
        behind_ = 0;
    }
    void open_next() { ++open_; }
    [[nodiscard]] bool is_late(Timestamp second) const { return bin_of(second) < open_; }
    [[nodiscard]] bool is_lost(Timestamp second) const { return bin_of(second) + kNear < open_; }
    /// Whether the open bin is over at `now`, a little lateness allowed.
    [[nodiscard]] bool over(Timestamp now) const { return now >= end() + kLateness; }

    [[nodiscard]] Timestamp begin() const { return Timestamp{step_ * open_}; }
    [[nodiscard]] Timestamp end() const { return Timestamp{step_ * (open_ + 1)}; }
    [[nodiscard]] Duration step() const { return step_; }

  private:
    static constexpr std::int64_t kNear = 2;
    static constexpr int kBehind = 32;
    static constexpr Duration kLateness = std::chrono::seconds{3};

    [[nodiscard]] std::int64_t bin_of(Timestamp time) const {
        return time.time_since_epoch() / step_;
    }

    Duration step_;
    std::int64_t open_ = 0;
    int behind_ = 0;
};

}  // namespace kentongan::anomaly
