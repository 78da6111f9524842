// Places of a season.
#include "daemon/detect/anomaly/series/calendar.hpp"

namespace kentongan::anomaly {

namespace {
constexpr Duration kBefore = std::chrono::hours{12};
constexpr Duration kPollingStep = std::chrono::minutes{10};
constexpr Duration kDayStep = std::chrono::minutes{5};
constexpr Duration kDay = std::chrono::hours{24};
}  // namespace

Calendar::Place Calendar::place_of(Timestamp time) const {
    if (closes_) {
        const auto since = time - (*closes_ - kBefore);
        if (since >= Duration{0} && since < kPollingStep * static_cast<std::int64_t>(kPlaces))
            return {true, static_cast<std::size_t>(since / kPollingStep)};
    }
    auto of_day = (time.time_since_epoch() + offset_) % kDay;
    if (of_day < Duration{0}) of_day += kDay;
    return {false, static_cast<std::size_t>(of_day / kDayStep)};
}

}  // namespace kentongan::anomaly
