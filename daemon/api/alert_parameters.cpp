#include "daemon/api/alert_parameters.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::size_t kTextCap = 256;

/// What is known while the parameters are read.
struct Reading {
    AlertsWanted out;
    Timestamp now{};
    std::vector<query::Expression> parts{};
    query::Window window{};

    void add(query::Condition condition) {
        parts.push_back(query::Expression::of(std::move(condition)));
    }
};

/// Takes one value in; the text is why it is refused, empty when it is not.
using Take = std::string (*)(std::string_view value, Reading& reading);

std::string take_query(std::string_view value, Reading& reading) {
    auto parsed = query::parse(value, reading.now);
    if (parsed) {
        reading.parts.push_back(std::move(*parsed));
        return {};
    }
    reading.out.refusal = parsed.error();
    return parsed.error().message;
}

std::string take_limit(std::string_view value, Reading& reading) {
    const auto limit = parse_number<std::size_t>(value);
    if (!limit || *limit < 1 || *limit > 1000) return "expected a number from 1 to 1000";
    reading.out.request.limit = reading.out.request.groups = *limit;
    return {};
}

std::string take_severity(std::string_view value, Reading& reading) {
    const auto severity = parse_severity(value);
    if (!severity) return "expected info, low, medium, high or critical";
    reading.add(query::range_of(query::Name::severity, static_cast<std::int64_t>(*severity),
                                static_cast<std::int64_t>(Severity::critical)));
    return {};
}

std::string take_ruleset(std::string_view value, Reading& reading) {
    if (!parse_ruleset(value))
        return "expected sigma, yara, signature, anomaly, sirekap, integrity, zeek or report";
    reading.add(query::equals(query::Name::ruleset, value));
    return {};
}

std::string take_text(std::string_view value, query::Name name, Reading& reading) {
    if (value.empty() || value.size() > kTextCap) return "expected 1 to 256 bytes";
    reading.add(query::equals(name, value));
    return {};
}
std::string take_rule(std::string_view value, Reading& reading) {
    return take_text(value, query::Name::rule_id, reading);
}
std::string take_agency(std::string_view value, Reading& reading) {
    return take_text(value, query::Name::agency, reading);
}

std::string take_time(std::string_view value, std::int64_t& out) {
    const auto time = parse_rfc3339(value);
    if (time) out = to_nanoseconds(*time);
    return time ? ""
                : "expected an RFC 3339 time such as 2024-11-27T06:00:00Z (a + is sent as %2B)";
}
std::string take_since(std::string_view value, Reading& reading) {
    return take_time(value, reading.window.low);
}
std::string take_until_time(std::string_view value, Reading& reading) {
    return take_time(value, reading.window.high);
}

std::string take_order(std::string_view value, Reading& reading) {
    if (value != "newest" && value != "oldest") return "expected newest or oldest";
    reading.out.request.newest_first = value == "newest";
    return {};
}

std::string take_cursor(std::string_view value, Reading& reading) {
    const bool known = value.starts_with("n-") || value.starts_with("o-");
    const auto after = known ? parse_number<std::int64_t>(value.substr(2)) : std::nullopt;
    if (!after || *after < 0) return "expected the next_cursor of an earlier page";
    reading.out.request.after = after;
    return {};
}

std::string take_by(std::string_view value, Reading& reading) {
    const query::Field* field = query::find_field(value);
    if (field == nullptr) return "there is no such field; " + query::near_fields(value);
    if (field->kind == query::Kind::text || field->name == query::Name::id)
        return fmt::format("alerts are not counted by {}; try rule.name", field->text);
    reading.out.request.by = field->name;
    return {};
}

std::string take_interval(std::string_view value, Reading& reading) {
    const auto interval = query::parse_interval(value);
    if (!interval) return "expected an interval such as 30s, 5m, 1h, 1d or 1w";
    reading.out.request.interval = *interval;
    return {};
}

using What = SearchRequest::What;
constexpr unsigned kPage = 1U << static_cast<unsigned>(What::page);
constexpr unsigned kCount = 1U << static_cast<unsigned>(What::count);
constexpr unsigned kBars = 1U << static_cast<unsigned>(What::histogram);
constexpr unsigned kAll = kPage | kCount | kBars;

struct Parameter {
    std::string_view name;
    Take take;
    unsigned of;
};
constexpr std::array kParameters{
    Parameter{"q", take_query, kAll},           Parameter{"limit", take_limit, kPage | kCount},
    Parameter{"cursor", take_cursor, kPage},    Parameter{"order", take_order, kPage},
    Parameter{"by", take_by, kCount},           Parameter{"interval", take_interval, kBars},
    Parameter{"severity", take_severity, kAll}, Parameter{"ruleset", take_ruleset, kAll},
    Parameter{"rule", take_rule, kAll},         Parameter{"agency", take_agency, kAll},
    Parameter{"since", take_since, kAll},       Parameter{"until", take_until_time, kAll}};

bool is_of(const Parameter& parameter, What what) {
    return (parameter.of & (1U << static_cast<unsigned>(what))) != 0;
}

std::string unknown(std::string_view name, What what) {
    std::vector<std::string_view> names;
    for (const Parameter& parameter : kParameters)
        if (is_of(parameter, what)) names.push_back(parameter.name);
    const auto near = nearest_word(name, names);
    if (!near.empty()) return fmt::format("unknown parameter; did you mean {}?", near);
    return fmt::format("unknown parameter; known: {}", fmt::join(names, ", "));
}

}  // namespace

AlertsWanted parse_alerts_wanted(const Target& target, What what, Timestamp now) {
    Reading reading{.out = {}, .now = now};
    AlertsWanted& out = reading.out;
    out.request.what = what;
    std::string_view cursor;
    std::vector<std::string_view> seen;
    for (const auto& [name, value] : target.query) {
        const auto* parameter = std::ranges::find(kParameters, name, &Parameter::name);
        std::string why;
        if (parameter == kParameters.end() || !is_of(*parameter, what))
            why = unknown(name, what);
        else if (std::ranges::find(seen, name) != seen.end())
            why = "given more than once";
        else
            why = parameter->take(value, reading);
        seen.push_back(name);
        if (name == "cursor") cursor = value;
        if (!why.empty()) out.errors.push_back({name, std::move(why)});
    }
    if (out.request.after && cursor.starts_with('n') != out.request.newest_first)
        out.errors.push_back({"cursor", "belongs to a listing in the other order"});
    if (reading.window.bounded())
        reading.add(
            query::range_of(query::Name::first_seen, reading.window.low, reading.window.high - 1));
    out.request.where = query::Expression::all(std::move(reading.parts));
    return out;
}

std::string to_cursor(bool newest_first, std::int64_t after) {
    return fmt::format("{}-{}", newest_first ? 'n' : 'o', after);
}

}  // namespace kentongan::api
