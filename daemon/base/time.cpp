#include "daemon/base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kentongan {

namespace {

using std::chrono::seconds;

/// Reads exactly `digits` decimal digits at `at`, moving it on; -1 when they are not there.
int take_number(std::string_view text, std::size_t& at, std::size_t digits) {
    if (at + digits > text.size()) return -1;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const char c = text[at + i];
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    at += digits;
    return value;
}

bool take_char(std::string_view text, std::size_t& at, std::string_view any_of) {
    if (at >= text.size() || any_of.find(text[at]) == std::string_view::npos) return false;
    ++at;
    return true;
}

/// The fraction after '.' or ',' as nanoseconds; nothing when no digit follows.
std::optional<Duration> take_fraction(std::string_view text, std::size_t& at) {
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits)
        if (digits < 9) value = value * 10 + (text[at] - '0');
    if (digits == 0) return std::nullopt;
    for (; digits < 9; ++digits) value *= 10;
    return Duration{value};
}

std::optional<seconds> take_zone(std::string_view text, std::size_t& at, seconds default_offset) {
    if (at == text.size()) return default_offset;
    if (take_char(text, at, "Zz")) return seconds{0};
    const bool negative = text[at] == '-';
    if (!take_char(text, at, "+-")) return std::nullopt;
    const int hours = take_number(text, at, 2);
    take_char(text, at, ":");
    const int minutes = take_number(text, at, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    const seconds offset{hours * 3600 + minutes * 60};
    return negative ? -offset : offset;
}

}  // namespace

std::optional<Timestamp> from_civil(int year, int month, int day, int hour, int minute, int second,
                                    seconds utc_offset) {
    using namespace std::chrono;
    const year_month_day date{std::chrono::year{year}, std::chrono::month{unsigned(month)},
                              std::chrono::day{unsigned(day)}};
    // Nanoseconds in 64 bits reach from 1678 to 2262.
    if (!date.ok() || year < 1900 || year > 2200) return std::nullopt;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    const auto time =
        sys_days{date} + hours{hour} + minutes{minute} + seconds{std::min(second, 59)} - utc_offset;
    return time_point_cast<Duration>(time);
}

std::string to_rfc3339(Timestamp time, int fraction_digits) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    std::string out =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int{date.year()}, unsigned{date.month()},
                    unsigned{date.day()}, clock.hours().count(), clock.minutes().count(),
                    clock.seconds().count());
    if (fraction_digits > 0) {
        const std::string nanos = fmt::format("{:09}", clock.subseconds().count());
        out.append(".").append(nanos, 0, static_cast<std::size_t>(std::min(fraction_digits, 9)));
    }
    return out + "Z";
}

std::optional<Timestamp> parse_rfc3339(std::string_view text, seconds default_offset) {
    std::size_t at = 0;
    const int year = take_number(text, at, 4);
    if (year < 0 || !take_char(text, at, "-")) return std::nullopt;
    const int month = take_number(text, at, 2);
    if (month < 0 || !take_char(text, at, "-")) return std::nullopt;
    const int day = take_number(text, at, 2);
    if (day < 0 || !take_char(text, at, "Tt ")) return std::nullopt;
    const int hour = take_number(text, at, 2);
    if (hour < 0 || !take_char(text, at, ":")) return std::nullopt;
    const int minute = take_number(text, at, 2);
    if (minute < 0 || !take_char(text, at, ":")) return std::nullopt;
    const int second = take_number(text, at, 2);
    if (second < 0) return std::nullopt;
    Duration fraction{0};
    if (take_char(text, at, ".,")) {
        const auto value = take_fraction(text, at);
        if (!value) return std::nullopt;
        fraction = *value;
    }
    const auto offset = take_zone(text, at, default_offset);
    if (!offset || at != text.size()) return std::nullopt;
    const auto base = from_civil(year, month, day, hour, minute, second, *offset);
    if (!base) return std::nullopt;
    return *base + fraction;
}

int month_number(std::string_view name) {
    constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (name.size() != 3) return 0;
    std::array<char, 3> lower{};
    std::ranges::transform(name, lower.begin(), [](char c) { return char(c | 0x20); });
    const auto at = kMonths.find(std::string_view{lower.data(), 3});
    return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

}  // namespace kentongan
