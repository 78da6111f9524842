#pragma once
// Zeek's times, intervals and ports, in all the ways its JSON writes a single value.
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/base/time.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::zeek {

/// Seconds since 1970 as a number or its text, or RFC 3339 (JSON::TS_ISO8601). To the microsecond,
/// which is all Zeek has; years 1970 to 2262.
[[nodiscard]] std::optional<Timestamp> read_time(const Value& value);

/// Seconds as a number or its text, or Zeek's words before 7.1: "1.0 min 8.0 secs 219.0 msecs".
[[nodiscard]] std::optional<double> read_interval(const Value& value);

/// 53, "53", "53/udp".
[[nodiscard]] std::optional<std::int64_t> read_port(const Value& value);

}  // namespace kentongan::zeek
