#include "daemon/api/alert_parameters.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::size_t kTextCap = 256;

/// Takes one value in; the text is why it is refused, empty when it is not.
using Take = std::string (*)(std::string_view value, AlertsWanted& out);

std::string take_limit(std::string_view value, AlertsWanted& out) {
    const auto limit = parse_number<std::size_t>(value);
    if (!limit || *limit < 1 || *limit > 1000) return "expected a number from 1 to 1000";
    out.query.limit = *limit;
    return {};
}

std::string take_severity(std::string_view value, AlertsWanted& out) {
    out.query.at_least = parse_severity(value);
    return out.query.at_least ? "" : "expected info, low, medium, high or critical";
}

std::string take_ruleset(std::string_view value, AlertsWanted& out) {
    if (!parse_ruleset(value))
        return "expected sigma, yara, signature, anomaly, sirekap, integrity, zeek or report";
    out.query.ruleset = value;
    return {};
}

std::string take_text(std::string_view value, std::string& out) {
    if (value.empty() || value.size() > kTextCap) return "expected 1 to 256 bytes";
    out = value;
    return {};
}
std::string take_rule(std::string_view value, AlertsWanted& out) {
    return take_text(value, out.query.rule_id);
}
std::string take_agency(std::string_view value, AlertsWanted& out) {
    return take_text(value, out.query.agency);
}

std::string take_time(std::string_view value, std::optional<Timestamp>& out) {
    out = parse_rfc3339(value);
    return out ? "" : "expected an RFC 3339 time such as 2024-11-27T06:00:00Z (a + is sent as %2B)";
}
std::string take_since(std::string_view value, AlertsWanted& out) {
    return take_time(value, out.query.since);
}
std::string take_until_time(std::string_view value, AlertsWanted& out) {
    return take_time(value, out.query.until);
}

std::string take_order(std::string_view value, AlertsWanted& out) {
    if (value != "newest" && value != "oldest") return "expected newest or oldest";
    out.query.newest_first = value == "newest";
    return {};
}

std::string take_cursor(std::string_view value, AlertsWanted& out) {
    const bool known = value.starts_with("n-") || value.starts_with("o-");
    const auto after = known ? parse_number<std::int64_t>(value.substr(2)) : std::nullopt;
    if (!after || *after < 0) return "expected the next_cursor of an earlier page";
    out.after = after;
    return {};
}

struct Parameter {
    std::string_view name;
    Take take;
};
constexpr std::array kParameters{
    Parameter{"limit", take_limit},       Parameter{"cursor", take_cursor},
    Parameter{"severity", take_severity}, Parameter{"ruleset", take_ruleset},
    Parameter{"rule", take_rule},         Parameter{"agency", take_agency},
    Parameter{"since", take_since},       Parameter{"until", take_until_time},
    Parameter{"order", take_order}};

std::string unknown(std::string_view name) {
    std::vector<std::string_view> names;
    for (const Parameter& parameter : kParameters) names.push_back(parameter.name);
    const auto near = nearest_word(name, names);
    if (!near.empty()) return fmt::format("unknown parameter; did you mean {}?", near);
    return fmt::format("unknown parameter; known: {}", fmt::join(names, ", "));
}

}  // namespace

AlertsWanted parse_alerts_wanted(const Target& target) {
    AlertsWanted out;
    std::string_view cursor;
    std::vector<std::string_view> seen;
    for (const auto& [name, value] : target.query) {
        const auto parameter = std::ranges::find(kParameters, name, &Parameter::name);
        std::string why;
        if (parameter == kParameters.end())
            why = unknown(name);
        else if (std::ranges::find(seen, name) != seen.end())
            why = "given more than once";
        else
            why = parameter->take(value, out);
        seen.push_back(name);
        if (name == "cursor") cursor = value;
        if (!why.empty()) out.errors.push_back({name, std::move(why)});
    }
    if (out.after && cursor.starts_with('n') != out.query.newest_first)
        out.errors.push_back({"cursor", "belongs to a listing in the other order"});
    return out;
}

std::string to_cursor(bool newest_first, std::int64_t after) {
    return fmt::format("{}-{}", newest_first ? 'n' : 'o', after);
}

}  // namespace kentongan::api
