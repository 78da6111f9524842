#include "daemon/detect/sirekap/area_words.hpp"

#include <fmt/format.h>

#include "daemon/detect/sirekap/election.hpp"

namespace kentongan::sirekap {

namespace {

std::string_view kind_of(std::size_t code_length) {
    switch (code_length) {
        case 2:
            return "Province";
        case 4:
            return "Kabupaten/kota";
        case 6:
            return "Kecamatan";
        default:
            return "Kelurahan";
    }
}

}  // namespace

std::string area_words(const Register& list, std::uint32_t area) {
    if (area == Coverage::kWhole) return "All of the register";
    const Register::Area& what = list.areas()[area];
    return fmt::format("{} {}{}{}", kind_of(what.code.size()), what.code,
                       what.name.empty() ? "" : " ", what.name);
}

std::string area_entity(const Register& list, std::uint32_t area) {
    return area == Coverage::kWhole ? "all" : list.areas()[area].code;
}

std::string local_words(Timestamp time, std::string_view code, bool with_day) {
    const std::string text = to_rfc3339(time + utc_offset_of(code), 0);  // 2024-11-27T16:02:00Z
    return fmt::format("{}{} {}", with_day ? text.substr(0, 10) + " " : "", text.substr(11, 5),
                       zone_name_of(code));
}

int local_hour(Timestamp time, std::string_view code) {
    const auto since = (time + utc_offset_of(code)).time_since_epoch() % std::chrono::hours{24};
    return static_cast<int>(std::chrono::floor<std::chrono::hours>(since).count());
}

std::string duration_words(Duration duration) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(duration).count();
    const auto count = [](std::int64_t number, std::string_view unit) {
        return fmt::format("{} {}{}", number, unit, number == 1 ? "" : "s");
    };
    if (minutes < 60) return count(minutes, "minute");
    if (minutes % 60 == 0) return count(minutes / 60, "hour");
    return count(minutes / 60, "hour") + " " + count(minutes % 60, "minute");
}

}  // namespace kentongan::sirekap
