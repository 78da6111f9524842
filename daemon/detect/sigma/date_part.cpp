// Civil dates by the rules of <chrono>.
#include "daemon/detect/sigma/date_part.hpp"

#include <chrono>

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

using namespace std::chrono;

/// ISO 8601: the week that holds the year's first Thursday is week 1.
int week_of(sys_days day) {
    const weekday of_week{day};
    const sys_days thursday = day + days{4} - days{of_week.iso_encoding()};
    const year_month_day date{thursday};
    const sys_days first{date.year() / January / 1};
    return static_cast<int>((thursday - first).count() / 7) + 1;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return std::nullopt;
    for (const char c : text.substr(at, count))
        if (c < '0' || c > '9') return std::nullopt;
    return parse_number<int>(text.substr(at, count));
}

int date_part(sys_days day, DatePart part) {
    const year_month_day date{day};
    if (part == DatePart::year) return static_cast<int>(date.year());
    if (part == DatePart::month) return static_cast<int>(static_cast<unsigned>(date.month()));
    if (part == DatePart::day) return static_cast<int>(static_cast<unsigned>(date.day()));
    return week_of(day);
}

std::optional<int> civil_part(std::string_view text, DatePart part) {
    const auto year_number = digits(text, 0, 4);
    const auto month_number_ = digits(text, 5, 2);
    const auto day_number = digits(text, 8, 2);
    if (!year_number || !month_number_ || !day_number || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const year_month_day date{year{*year_number}, month{static_cast<unsigned>(*month_number_)},
                              day{static_cast<unsigned>(*day_number)}};
    if (!date.ok()) return std::nullopt;
    if (part > DatePart::hour) return date_part(sys_days{date}, part);
    if (text.size() < 16 || (text[10] != 'T' && text[10] != ' ' && text[10] != 't') ||
        text[13] != ':')
        return std::nullopt;
    const auto value = digits(text, part == DatePart::hour ? 11 : 14, 2);
    if (!value || *value > (part == DatePart::hour ? 23 : 59)) return std::nullopt;
    return value;
}

/// The unit is the one that puts the number between 1973 and 5138 when it is seconds.
std::optional<Timestamp> since_1970(std::string_view text) {
    auto number = parse_number<double>(text);
    if (!number || !(*number >= 0) || *number > 9.2e18) return std::nullopt;
    double seconds = *number;
    for (int i = 0; i < 3 && seconds >= 1e11; ++i) seconds /= 1000;
    if (seconds > 9.2e9) return std::nullopt;
    return Timestamp{Duration{static_cast<std::int64_t>(seconds * 1e9)}};
}

}  // namespace

int part_of(Timestamp time, DatePart part) {
    const auto midnight = floor<days>(time);
    if (part > DatePart::hour) return date_part(midnight, part);
    const auto into = time - midnight;
    if (part == DatePart::hour) return static_cast<int>(floor<hours>(into).count());
    return static_cast<int>(floor<minutes>(into).count() % 60);
}

std::optional<int> part_of(std::string_view text, DatePart part) {
    if (const auto found = civil_part(text, part)) return found;
    if (const auto time = since_1970(text)) return part_of(*time, part);
    return std::nullopt;
}

}  // namespace kentongan::sigma
