// Small readers shared by the hand-written formats.
#include "collectors/log/formats/scan.hpp"

#include <cmath>

#include "daemon/base/text.hpp"

namespace kentongan::log {

std::optional<Timestamp> scan_clf_time(std::string_view text) {
    if (text.size() < kClfTimeLength || text[2] != '/' || text[6] != '/' || text[11] != ':' ||
        text[14] != ':' || text[17] != ':' || text[20] != ' ' ||
        (text[21] != '+' && text[21] != '-'))
        return std::nullopt;
    const int zone_hours = digits_at<2>(text, 22);
    const int zone_minutes = digits_at<2>(text, 24);
    if (zone_hours < 0 || zone_hours > 23 || zone_minutes < 0 || zone_minutes > 59)
        return std::nullopt;
    const std::chrono::seconds offset{zone_hours * 3600 + zone_minutes * 60};
    return from_civil(digits_at<4>(text, 7), month_number(text.substr(3, 3)), digits_at<2>(text, 0),
                      digits_at<2>(text, 12), digits_at<2>(text, 15), digits_at<2>(text, 18),
                      text[21] == '-' ? -offset : offset);
}

std::optional<Timestamp> infer_year(int month, int day, int hour, int minute, int second,
                                    const ParseContext& context) {
    using namespace std::chrono;
    const year_month_day date{floor<days>(context.reference + context.zone)};
    std::optional<Timestamp> best;
    for (int year = int{date.year()} - 1; year <= int{date.year()} + 1; ++year) {
        const auto time = from_civil(year, month, day, hour, minute, second, context.zone);
        if (!time) continue;  // 29 February
        const bool fits =
            context.reference_is_event
                ? !best || abs(*time - context.reference) <= abs(*best - context.reference)
                : !best || *time <= context.reference + hours{24};
        if (fits) best = time;
    }
    return best;
}

namespace {

/// ".123456" as nanoseconds, taken off the front; zero when there is none.
Duration take_fraction(std::string_view& rest) {
    if (rest.size() < 2 || rest[0] != '.' || !is_digit(rest[1])) return Duration{0};
    std::int64_t value = 0;
    int digits = 0;
    rest.remove_prefix(1);
    for (; !rest.empty() && is_digit(rest[0]); rest.remove_prefix(1))
        if (digits < 9) value = value * 10 + (rest[0] - '0'), ++digits;
    for (; digits < 9; ++digits) value *= 10;
    return Duration{value};
}

struct Clock24 {
    int hour = -1;
    int minute = -1;
    int second = -1;
};

std::optional<Clock24> take_clock(std::string_view& rest) {
    if (rest.size() < 8 || rest[2] != ':' || rest[5] != ':') return std::nullopt;
    const Clock24 out{digits_at<2>(rest, 0), digits_at<2>(rest, 3), digits_at<2>(rest, 6)};
    if (out.hour < 0 || out.minute < 0 || out.second < 0) return std::nullopt;
    rest.remove_prefix(8);
    return out;
}

}  // namespace

std::optional<Timestamp> take_bsd_time(std::string_view& rest, const ParseContext& context) {
    std::string_view text = rest;
    if (text.size() < 16 || text[3] != ' ') return std::nullopt;
    const int month = month_number(text.substr(0, 3));
    if (month == 0) return std::nullopt;
    text.remove_prefix(4);
    if (text[0] == ' ') text.remove_prefix(1);  // "Nov  7"
    int day = digits_at<2>(text, 0);
    if (day < 0) day = digits_at<1>(text, 0);
    text.remove_prefix(day < 0 ? 0 : digits_at<2>(text, 0) < 0 ? 1 : 2);
    if (day < 1 || !take(text, " ")) return std::nullopt;
    const int year = text.size() > 4 && text[4] == ' ' ? digits_at<4>(text, 0) : -1;
    if (year >= 0) text.remove_prefix(5);
    const auto clock = take_clock(text);
    if (!clock) return std::nullopt;
    const Duration fraction = take_fraction(text);
    if (!take(text, " ") && !text.empty()) return std::nullopt;
    const auto time =
        year >= 0
            ? from_civil(year, month, day, clock->hour, clock->minute, clock->second, context.zone)
            : infer_year(month, day, clock->hour, clock->minute, clock->second, context);
    if (!time) return std::nullopt;
    rest = text;
    return *time + fraction;
}

namespace {

/// The part after the last dot of the last path segment, 1 to 16 letters or digits.
std::string_view extension_of(std::string_view path) {
    const std::size_t begin = path.size() > 17 ? path.size() - 17 : 0;
    for (std::size_t i = path.size(); i-- > begin;) {
        const char c = ascii_lower(path[i]);
        if (c == '.') return path.substr(i + 1);
        if (!is_digit(c) && !(c >= 'a' && c <= 'z')) break;
    }
    return {};
}

/// Takes "scheme://host[:port]" off an absolute URL and gives the host.
std::string_view take_authority(std::string_view& url) {
    if (url.starts_with('/')) return {};
    const auto scheme = url.substr(0, 16).find("://");
    if (scheme == std::string_view::npos) return {};
    const auto rest = url.substr(scheme + 3);
    const auto end = std::min({rest.find('/'), rest.find('?'), rest.size()});
    auto host = rest.substr(0, end);
    url = rest.substr(end);
    if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

}  // namespace

void set_url(std::string_view url, Event& out) {
    out.set(Field::url_original, url);
    set_url_parts(url, out);
}

void set_url_parts(std::string_view url, Event& out) {
    if (const auto host = take_authority(url); !host.empty()) out.set(Field::url_domain, host);
    const auto mark = url.find('?');
    const auto path = url.substr(0, mark);
    if (!path.empty()) out.set(Field::url_path, path);
    if (mark != std::string_view::npos && mark + 1 < url.size() && url.substr(mark + 1) != "-")
        out.set(Field::url_query, url.substr(mark + 1));
    if (const auto extension = extension_of(path); !extension.empty())
        out.set(Field::url_extension, extension);
}

void set_source(std::string_view text, Event& out) {
    if (text.empty() || text == "-") return;
    if (const auto ip = IpAddress::parse(text))
        out.set(Field::source_ip, *ip);
    else
        out.set(Field::source_address, text);
}

}  // namespace kentongan::log
