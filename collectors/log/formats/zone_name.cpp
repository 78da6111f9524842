#include "collectors/log/formats/zone_name.hpp"

#include "collectors/log/formats/scan.hpp"

namespace kentongan::log {

namespace {

struct Zone {
    std::string_view name;
    int hours;
};
constexpr Zone kZones[] = {{"WIB", 7},
                           {"WITA", 8},
                           {"WIT", 9},
                           {"UTC", 0},
                           {"GMT", 0},
                           {"Z", 0},
                           {"UCT", 0},
                           {"SGT", 8},
                           {"MYT", 8},
                           {"PHT", 8},
                           {"HKT", 8},
                           {"JST", 9},
                           {"KST", 9},
                           {"AEST", 10},
                           {"AEDT", 11},
                           {"CET", 1},
                           {"CEST", 2},
                           {"EET", 2},
                           {"EEST", 3},
                           {"EST", -5},
                           {"EDT", -4},
                           {"PST", -8},
                           {"PDT", -7},
                           {"Asia/Jakarta", 7},
                           {"Asia/Pontianak", 7},
                           {"Asia/Makassar", 8},
                           {"Asia/Jayapura", 9}};

}  // namespace

std::optional<std::chrono::seconds> zone_named(std::string_view name) {
    if (name.starts_with('+') || name.starts_with('-')) {
        const int hours = digits_at<2>(name, 1);
        const bool colon = name.size() == 6 && name[3] == ':';
        const int minutes = name.size() == 3 ? 0 : digits_at<2>(name, colon ? 4 : 3);
        if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59 ||
            (name.size() != 3 && name.size() != 5 && !colon))
            return std::nullopt;
        const std::chrono::seconds offset{hours * 3600 + minutes * 60};
        return name[0] == '-' ? -offset : offset;
    }
    for (const auto& [known, hours] : kZones)
        if (known == name) return std::chrono::seconds{hours * 3600};
    return std::nullopt;
}

}  // namespace kentongan::log
