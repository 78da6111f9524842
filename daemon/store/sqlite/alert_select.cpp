#include "daemon/store/sqlite/alert_select.hpp"

#include <algorithm>
#include <limits>

namespace kentongan {

namespace {

/// Collects conditions and the values bound to them.
struct Conditions {
    AlertSelect& out;
    const char* joint = " WHERE ";

    void text(std::string_view condition) {
        out.sql.append(joint).append(condition);
        joint = " AND ";
    }
    void add(std::string_view condition, std::variant<std::int64_t, std::string> value) {
        text(condition);
        out.values.push_back(std::move(value));
    }
};

// The severity is written out, for a partial index is chosen only by a constant.
std::string severity_condition(Severity at_least) {
    return "a.severity >= " + std::to_string(static_cast<int>(at_least));
}

// Which index leads: the one that leaves fewest rows and still comes in sequence order.
std::string_view way_in(const AlertQuery& query, bool window_is_small) {
    if (!query.rule_id.empty()) return " FROM alerts AS a INDEXED BY alerts_by_rule";
    if (window_is_small && (query.since || query.until))
        return " FROM alerts AS a INDEXED BY alerts_by_first_seen";
    if (query.at_least == Severity::critical) return " FROM alerts AS a INDEXED BY alerts_critical";
    if (query.at_least == Severity::high) return " FROM alerts AS a INDEXED BY alerts_high";
    if (!query.agency.empty())
        return " FROM alert_agencies AS g CROSS JOIN alerts AS a ON a.sequence = g.alert";
    if (!query.ruleset.empty()) return " FROM alerts AS a INDEXED BY alerts_by_ruleset";
    return " FROM alerts AS a";
}

void add_window(Conditions& conditions, const AlertQuery& query) {
    if (query.since) conditions.add("a.first_seen >= ?", to_nanoseconds(*query.since));
    if (query.until) conditions.add("a.first_seen < ?", to_nanoseconds(*query.until));
}

}  // namespace

std::size_t page_size(const AlertQuery& query) {
    return std::clamp<std::size_t>(query.limit, 1, 1000);
}

AlertSelect select_alerts(const AlertQuery& query, std::optional<std::int64_t> after,
                          bool window_is_small) {
    AlertSelect out;
    const std::string_view from = way_in(query, window_is_small);
    const bool by_agency = from.starts_with(" FROM alert_agencies");
    const std::string sequence = by_agency ? "g.alert" : "a.sequence";
    out.sql = "SELECT a.sequence, a.json";
    out.sql += from;
    Conditions conditions{out};
    if (!query.rule_id.empty()) conditions.add("a.rule_id = ?", query.rule_id);
    if (!query.ruleset.empty()) conditions.add("a.ruleset = ?", query.ruleset);
    if (by_agency)
        conditions.add("g.agency = ?", query.agency);
    else if (!query.agency.empty())
        conditions.add(
            "EXISTS (SELECT 1 FROM alert_agencies AS g WHERE g.agency = ? AND g.alert = "
            "a.sequence)",
            query.agency);
    if (query.at_least) conditions.text(severity_condition(*query.at_least));
    add_window(conditions, query);
    const std::int64_t edge = query.newest_first ? std::numeric_limits<std::int64_t>::max() : 0;
    conditions.add(sequence + (query.newest_first ? " < ?" : " > ?"), after.value_or(edge));
    out.sql += " ORDER BY " + sequence + (query.newest_first ? " DESC" : "") + " LIMIT ?";
    out.values.emplace_back(static_cast<std::int64_t>(page_size(query) + 1));
    return out;
}

AlertSelect count_window(const AlertQuery& query, std::int64_t cap) {
    AlertSelect out;
    if (!query.since && !query.until) return out;
    out.sql = "SELECT count(*) FROM (SELECT 1 FROM alerts AS a INDEXED BY alerts_by_first_seen";
    Conditions conditions{out};
    add_window(conditions, query);
    out.sql += " LIMIT ?)";
    out.values.emplace_back(cap);
    return out;
}

}  // namespace kentongan
