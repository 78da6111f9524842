#pragma once
// The parts of a date that Sigma's time modifiers compare.
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/base/time.hpp"

namespace kentongan::sigma {

enum class DatePart : std::uint8_t { minute, hour, day, week, month, year };

/// Of a date as written, in the zone it is written in: "2024-11-27", "2024-11-27T09:31:05+07:00",
/// with a blank for the T, or nothing but a number of seconds, milliseconds, microseconds or
/// nanoseconds since 1970 (UTC), told apart by its size. Weeks are those of ISO 8601. Nothing when
/// the text is no such date, or says nothing about the part.
[[nodiscard]] std::optional<int> part_of(std::string_view text, DatePart part);
/// Of an instant, in UTC.
[[nodiscard]] int part_of(Timestamp time, DatePart part);

}  // namespace kentongan::sigma
