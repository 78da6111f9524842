#include "daemon/alert/rule.hpp"

#include <array>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace {
constexpr std::array<std::string_view, 5> kSeverities{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 8> kRulesets{"sigma",   "yara",      "signature", "anomaly",
                                                    "sirekap", "integrity", "zeek",      "report"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i)
        if (equals_ignoring_case(names[i], name)) return static_cast<Enum>(i);
    return std::nullopt;
}
}  // namespace

std::string_view name_of(Severity severity) {
    return kSeverities[static_cast<std::size_t>(severity)];
}

std::optional<Severity> parse_severity(std::string_view name) {
    if (equals_ignoring_case(name, "informational")) return Severity::info;
    return parse<Severity>(kSeverities, name);
}

int ecs_severity(Severity severity) {
    constexpr std::array kNumbers{0, 21, 47, 73, 99};
    return kNumbers[static_cast<std::size_t>(severity)];
}

std::string_view name_of(Ruleset ruleset) { return kRulesets[static_cast<std::size_t>(ruleset)]; }
std::optional<Ruleset> parse_ruleset(std::string_view name) {
    return parse<Ruleset>(kRulesets, name);
}

}  // namespace kentongan
