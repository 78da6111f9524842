#include "daemon/api/roles.hpp"

#include <algorithm>
#include <array>

namespace kentongan::api {

namespace {
constexpr std::array<std::string_view, 6> kNames{"agency",  "wall", "viewer",
                                                 "analyst", "lead", "admin"};
struct Power {
    std::string_view name;
    Role least;
};
constexpr std::array kPowers{Power{"triage", Role::analyst}, Power{"cases", Role::analyst},
                             Power{"approve", Role::lead}, Power{"delivery", Role::lead},
                             Power{"rules", Role::lead}};
}  // namespace

std::string_view name_of(Role role) { return kNames[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view name) {
    constexpr std::string_view kAgency = "agency-";
    if (name.starts_with(kAgency) && name.size() > kAgency.size()) return Role::agency;
    const auto found = std::ranges::find(kNames, name);
    if (found == kNames.end() || name == "agency") return std::nullopt;
    return static_cast<Role>(found - kNames.begin());
}

std::vector<std::string_view> may(Role role) {
    std::vector<std::string_view> out;
    for (const Power& power : kPowers)
        if (role >= power.least) out.push_back(power.name);
    return out;
}

}  // namespace kentongan::api
