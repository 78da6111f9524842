#include "collectors/zeek/value.hpp"

#include <cmath>

#include "daemon/base/text.hpp"

namespace kentongan::zeek {

namespace {

constexpr double kLastSecond = 9'223'372'035.0;  // of what 64 bits of nanoseconds hold

std::string_view text_in(const Value& value) {
    return value.type() == Value::Type::text ? value.text() : std::string_view{};
}

std::optional<double> seconds_in_unit(std::string_view unit) {
    if (unit.ends_with('s')) unit.remove_suffix(1);
    if (unit == "usec") return 1e-6;
    if (unit == "msec") return 1e-3;
    if (unit == "sec") return 1.0;
    if (unit == "min") return 60.0;
    if (unit == "hr") return 3600.0;
    if (unit == "day") return 86400.0;
    return std::nullopt;
}

std::optional<double> interval_in_words(std::string_view text) {
    double seconds = 0;
    text = trim(text);
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        const auto amount = parse_number<double>(take_until(text, ' '));
        const auto unit = seconds_in_unit(take_until(text, ' '));
        if (!amount || !unit) return std::nullopt;
        seconds += *amount * *unit;
    }
    return seconds;
}

}  // namespace

std::optional<Timestamp> read_time(const Value& value) {
    const auto seconds = value.number();
    if (!seconds) return parse_rfc3339(text_in(value));
    if (!(*seconds >= 0 && *seconds < kLastSecond)) return std::nullopt;
    return from_nanoseconds(std::llround(*seconds * 1e6) * 1000);
}

std::optional<double> read_interval(const Value& value) {
    auto seconds = value.number();
    if (!seconds && value.type() == Value::Type::text) seconds = interval_in_words(value.text());
    if (!seconds || !std::isfinite(*seconds)) return std::nullopt;
    return seconds;
}

std::optional<std::int64_t> read_port(const Value& value) {
    std::optional<std::int64_t> port;
    if (value.type() == Value::Type::integer) port = value.integer();
    std::string_view text = text_in(value);
    if (!text.empty()) port = parse_number<std::int64_t>(take_until(text, '/'));
    if (!port || *port < 0 || *port > 65535) return std::nullopt;
    return port;
}

}  // namespace kentongan::zeek
