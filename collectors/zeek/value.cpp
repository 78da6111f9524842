#include "collectors/zeek/value.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "daemon/base/text.hpp"

namespace kentongan::zeek {

namespace {

constexpr double kLastSecond = 9'223'372'035.0;  // of what 64 bits of nanoseconds hold

std::string_view text_in(const boost::json::value& value) {
    const auto* text = value.if_string();
    return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

std::optional<double> number_in(const boost::json::value& value) {
    switch (value.kind()) {
        case boost::json::kind::int64:
            return static_cast<double>(value.get_int64());
        case boost::json::kind::uint64:
            return static_cast<double>(value.get_uint64());
        case boost::json::kind::double_:
            return value.get_double();
        case boost::json::kind::string:
            return parse_number<double>(text_in(value));
        default:
            return std::nullopt;
    }
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

std::optional<Timestamp> read_time(const boost::json::value& value) {
    const auto seconds = number_in(value);
    if (!seconds) return parse_rfc3339(text_in(value));
    if (!(*seconds >= 0 && *seconds < kLastSecond)) return std::nullopt;
    return from_nanoseconds(std::llround(*seconds * 1e6) * 1000);
}

std::optional<double> read_interval(const boost::json::value& value) {
    auto seconds = number_in(value);
    if (!seconds && value.is_string()) seconds = interval_in_words(text_in(value));
    if (!seconds || !std::isfinite(*seconds)) return std::nullopt;
    return seconds;
}

std::optional<std::int64_t> read_port(const boost::json::value& value) {
    std::optional<std::int64_t> port;
    if (const auto* object = value.if_object()) {
        const auto* number = object->if_contains("port");
        return number == nullptr || number->is_object() ? std::nullopt : read_port(*number);
    }
    if (value.is_int64()) port = value.get_int64();
    if (value.is_string()) {
        std::string_view text = text_in(value);
        port = parse_number<std::int64_t>(take_until(text, '/'));
    }
    if (!port || *port < 0 || *port > 65535) return std::nullopt;
    return port;
}

}  // namespace kentongan::zeek
