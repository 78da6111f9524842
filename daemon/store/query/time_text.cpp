// Times of the query language: relative to now, or calendar times with Indonesian zones.
#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::query {

namespace {

using std::chrono::seconds;

struct Unit {
    char letter;
    std::int64_t seconds;
};
constexpr std::array kUnits{Unit{'s', 1}, Unit{'m', 60}, Unit{'h', 3600}, Unit{'d', 86400},
                            Unit{'w', 604'800}};

std::optional<std::int64_t> unit_seconds(char letter) {
    const auto* found = std::ranges::find(kUnits, letter, &Unit::letter);
    if (found == kUnits.end()) return std::nullopt;
    return found->seconds;
}

/// The unit that `at` lies in; weeks begin on Monday.
Window rounded(Timestamp at, std::int64_t unit) {
    constexpr std::int64_t kNano = 1'000'000'000;
    constexpr std::int64_t kMonday = 4 * 86400;  // the first one after 1970-01-01
    const std::int64_t shift =
        unit >= 86400 ? kElectionZone.count() - (unit == 604'800 ? kMonday : 0) : 0;
    const std::int64_t local = to_nanoseconds(at) / kNano + shift;
    const std::int64_t start = local - ((local % unit) + unit) % unit - shift;
    return {start * kNano, (start + unit) * kNano};
}

std::optional<Window> relative(std::string_view rest, Timestamp now) {
    Timestamp at = now;
    while (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) {
        const auto end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        const auto number = parse_number<std::int64_t>(rest.substr(1, end - 1));
        const auto unit = end < rest.size() ? unit_seconds(rest[end]) : std::nullopt;
        if (!number || !unit || *number > 1'000'000) return std::nullopt;
        const seconds step{*number * *unit};
        if (step > seconds{std::int64_t{100} * 365 * 86400}) return std::nullopt;
        at += rest.front() == '-' ? -step : step;
        rest.remove_prefix(end + 1);
        if (at < Timestamp{} || to_nanoseconds(at) > std::int64_t{7'000'000'000} * 1'000'000'000)
            return std::nullopt;
    }
    if (rest.empty()) return Window{to_nanoseconds(at), to_nanoseconds(at) + 1};
    const auto unit = rest.size() == 2 && rest[0] == '/' ? unit_seconds(rest[1]) : std::nullopt;
    if (!unit) return std::nullopt;
    return rounded(at, *unit);
}

std::optional<seconds> take_zone(std::string_view& text) {
    constexpr std::array<std::pair<std::string_view, int>, 4> kZones{
        {{"wita", 8}, {"wib", 7}, {"wit", 9}, {"utc", 0}}};
    const std::string lower = to_lower(text);
    for (const auto& [name, hours] : kZones)
        if (lower.ends_with(name)) {
            text = trim(text.substr(0, text.size() - name.size()));
            return seconds{hours * 3600};
        }
    return std::nullopt;
}

std::int64_t instant(std::chrono::sys_days day, seconds zone) {
    return std::chrono::duration_cast<Duration>(day.time_since_epoch() - zone).count();
}

/// 2024, 2024-11 and 2024-11-27.
std::optional<Window> calendar(std::string_view text, seconds zone) {
    using namespace std::chrono;
    if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
    const auto part = [&](std::size_t at, std::size_t size) -> unsigned {
        if (text.size() < at + size) return 1;
        if (at > 0 && text[at - 1] != '-') return 0;
        return parse_number<unsigned>(text.substr(at, size)).value_or(0);
    };
    const year_month_day date{year{int(part(0, 4))}, month{part(5, 2)}, day{part(8, 2)}};
    if (!date.ok() || int{date.year()} < 1970 || int{date.year()} > 2200) return std::nullopt;
    const sys_days first{date};
    const sys_days last = text.size() == 10  ? first + days{1}
                          : text.size() == 7 ? sys_days{date + months{1}}
                                             : sys_days{date + years{1}};
    return Window{instant(first, zone), instant(last, zone)};
}

}  // namespace

std::optional<Window> parse_time(std::string_view text, Timestamp now) {
    text = trim(text);
    if (text.size() < 3 || text.size() > 48) return std::nullopt;
    if (equals_ignoring_case(text.substr(0, 3), "now")) return relative(text.substr(3), now);
    const seconds zone = take_zone(text).value_or(kElectionZone);
    if (const auto found = calendar(text, zone)) return found;
    constexpr std::size_t kMinutes = 16;  // 2024-11-27T06:00
    std::string whole{text};
    const bool to_minute = text.size() == kMinutes || (text.size() > kMinutes && text[16] != ':');
    if (to_minute) whole.insert(std::min(kMinutes, whole.size()), ":00");
    const auto at = parse_rfc3339(whole, zone);
    if (!at) return std::nullopt;
    const bool fraction = text.find_first_of(".,") != std::string_view::npos;
    const std::int64_t width = fraction ? 1 : to_minute ? 60'000'000'000 : 1'000'000'000;
    return Window{to_nanoseconds(*at), to_nanoseconds(*at) + width};
}

}  // namespace kentongan::query
