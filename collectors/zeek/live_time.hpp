#pragma once
// Event times of a live feed that is out of order (Zeek writes a connection's record when it gives
// it up, up to minutes after its end) against the promise a watermark makes. Decides only.
#include <algorithm>

#include "daemon/base/time.hpp"

namespace kentongan::zeek {

/// The watermark follows the clock at a distance of `settle`. A time before what was promised, or
/// after the clock, is moved to that border; a record's own `ts` field keeps what Zeek said.
class LiveTime {
  public:
    explicit LiveTime(Duration settle) : settle_(settle) {}

    /// The time to give an event that Zeek dates `time`; no date (zero) means `now`.
    [[nodiscard]] Timestamp admitted(Timestamp time, Timestamp now) const {
        const auto latest = std::max(now, promised_);
        return time == Timestamp{} ? latest : std::clamp(time, promised_, latest);
    }
    /// Promises that no later event will be older; never goes back.
    [[nodiscard]] Timestamp promise(Timestamp now) {
        return promised_ = std::max(promised_, now - settle_);
    }

  private:
    Duration settle_;
    Timestamp promised_{};
};

}  // namespace kentongan::zeek
