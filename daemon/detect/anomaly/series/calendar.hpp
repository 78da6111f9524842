#pragma once
// Which place of its season a time has: the clock of the day, or on polling day the hours since the
// polls closed.
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/time.hpp"

namespace kentongan::anomaly {

/// A season is a day in steps of five minutes. Polling day has one of its own, from 12 hours before
/// the polls close to 36 hours after, in steps of ten minutes: traffic then follows the count, not
/// the clock, and one polling day (or its rehearsal) is a model for the next.
class Calendar {
  public:
    static constexpr std::size_t kPlaces = 288;  ///< of either season

    struct Place {
        bool polling = false;
        std::size_t index = 0;  ///< below kPlaces
    };

    /// `closes`: when the polls close, if the election is known; `offset`: of local time, for the
    /// clock of other days.
    explicit Calendar(std::optional<Timestamp> closes = {},
                      std::chrono::seconds offset = std::chrono::hours{7})
        : closes_(closes), offset_(offset) {}

    [[nodiscard]] Place place_of(Timestamp time) const;

  private:
    std::optional<Timestamp> closes_;
    std::chrono::seconds offset_;
};

}  // namespace kentongan::anomaly
