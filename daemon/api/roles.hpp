#pragma once
// Roles: who may do what at the API. Each route names the least role it takes (routes.cpp).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan::api {

/// From least to most; each may all that those before it may, but for what is said of alerts:
/// - agency: coverage, its deliveries, and the alerts routed to it as its route lets them out
/// - wall: and sensors, services and cases; of all alerts what TLP:GREEN allows
/// - viewer: and packets, acts, suppressions, approvals and reports; whatever is not TLP:RED
/// - analyst: and TLP:RED; triages alerts, works on cases, asks for approvals
/// - lead: and suppresses, confirms or refuses approvals, sends deliveries again
/// - admin: all
enum class Role { agency, wall, viewer, analyst, lead, admin };

[[nodiscard]] std::string_view name_of(Role role);
/// viewer, analyst, lead, admin, wall, agency-NAME.
[[nodiscard]] std::optional<Role> parse_role(std::string_view name);

struct Identity {
    std::string name;
    Role role = Role::admin;
    std::string agency{};  ///< NAME of agency-NAME
};

/// What a role may, in the console's words: triage, cases, delivery, rules, approve.
[[nodiscard]] std::vector<std::string_view> may(Role role);

}  // namespace kentongan::api
