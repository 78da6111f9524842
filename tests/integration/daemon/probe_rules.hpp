#pragma once
// Rules of the tests' own, so that each line of their logs raises one finding of known identity.
#include <string>
#include <string_view>

namespace kentongan {

/// Sigma: a query that contains `word`.
[[nodiscard]] std::string probe_rule(std::string_view id, std::string_view word,
                                     std::string_view level);

inline constexpr std::string_view kProbeRule = "5b0f1c1e-70a1-4c5b-9a53-000000000001";
inline constexpr std::string_view kGraveRule = "5b0f1c1e-70a1-4c5b-9a53-000000000002";
inline constexpr std::string_view kAgainRule = "5b0f1c1e-70a1-4c5b-9a53-000000000003";

/// All agencies hear of everything, polri only of what is critical.
inline constexpr std::string_view kProbeRouting = R"(agencies = ["kpu", "bssn", "polri", "brin"]
owner = "kpu"
advisory = ["kpu", "brin"]

[class.default]
kpu = { tlp = "AMBER" }
bssn = { tlp = "AMBER" }
polri = { tlp = "RED", minimum = "critical" }
brin = { tlp = "GREEN", withhold = ["source", "related.ip"] }
)";

/// A line of nginx's access log, stamped now. `query` is printed as it is.
[[nodiscard]] std::string access_line(std::string_view ip, std::string_view query);

}  // namespace kentongan
