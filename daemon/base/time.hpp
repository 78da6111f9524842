#pragma once
// Times are UTC nanoseconds since 1970; a Clock is passed in wherever "now" matters.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kentongan {

using Duration = std::chrono::nanoseconds;
using Timestamp = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// Where "now" comes from. Thread-safe.
class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] Timestamp now() const override { return std::chrono::system_clock::now(); }
};

/// The one of the running process, for default arguments.
[[nodiscard]] inline const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
}

/// "2024-11-27T09:31:05.120Z": RFC 3339, UTC, milliseconds (microseconds or nanoseconds only on
/// request), years 0000 to 9999.
[[nodiscard]] std::string to_rfc3339(Timestamp time, int fraction_digits = 3);

/// RFC 3339 with any fraction (digits past the ninth are dropped), `T` or a space, and `Z`, an
/// offset `+07:00` or `+0700`; without a zone, `default_offset` is taken. Leap second 60 counts as
/// 59. Nothing when the text is anything else.
[[nodiscard]] std::optional<Timestamp> parse_rfc3339(
    std::string_view text, std::chrono::seconds default_offset = std::chrono::seconds{0});

/// The instant of a civil time; nothing when a field is out of range (month 1-12, second 0-60).
[[nodiscard]] std::optional<Timestamp> from_civil(int year, int month, int day, int hour,
                                                  int minute, int second,
                                                  std::chrono::seconds utc_offset);

/// Month 1-12 of an English three-letter name in any case, 0 for anything else.
[[nodiscard]] int month_number(std::string_view name);

[[nodiscard]] inline std::int64_t to_nanoseconds(Timestamp time) {
    return time.time_since_epoch().count();
}
[[nodiscard]] inline Timestamp from_nanoseconds(std::int64_t ns) { return Timestamp{Duration{ns}}; }
[[nodiscard]] inline double to_seconds(Duration d) {
    return std::chrono::duration<double>(d).count();
}

}  // namespace kentongan
