// The noise report out of the alerts and what people closed them as.
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

namespace {

constexpr const char* kByRule =
    "SELECT rule_id, count(*), sum(suppressed = 'budget'), "
    "sum(suppressed <> '' AND suppressed <> 'budget'), sum(state = 'closed'), "
    "sum(state = 'closed' AND reason IN ('false', 'benign')), max(sequence) "
    "FROM alerts INDEXED BY alerts_by_first_seen WHERE first_seen >= ? "
    "GROUP BY rule_id ORDER BY count(*) DESC, rule_id LIMIT ?";

std::uint64_t number(SqliteCursor& cursor, int column) {
    return static_cast<std::uint64_t>(cursor.integer(column));
}

}  // namespace

Result<std::vector<RuleNoise>> SqliteAlertStore::noise(Timestamp since) {
    std::vector<RuleNoise> out;
    std::vector<std::int64_t> newest;
    {
        auto cursor = database_->query(kByRule, to_nanoseconds(since),
                                       static_cast<std::int64_t>(kMaximumNoisyRules));
        if (!cursor) return std::unexpected(cursor.error());
        for (;;) {
            const auto row = cursor->next();
            if (!row) return std::unexpected(row.error());
            if (!*row) break;
            out.push_back({.rule_id = cursor->text(0),
                           .name = {},
                           .alerts = number(*cursor, 1),
                           .over_budget = number(*cursor, 2),
                           .suppressed = number(*cursor, 3),
                           .closed = number(*cursor, 4),
                           .idle = number(*cursor, 5)});
            newest.push_back(cursor->integer(6));
        }
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto cursor = database_->query(
            "SELECT json_extract(json, '$.rule.name') FROM alerts WHERE sequence = ?", newest[i]);
        if (!cursor) return std::unexpected(cursor.error());
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (*row) out[i].name = cursor->text(0);
    }
    return out;
}

Result<std::vector<RuleFiring>> SqliteAlertStore::firings() {
    auto cursor = database_->query("SELECT rule_id, alerts, newest FROM rule_firings LIMIT ?",
                                   static_cast<std::int64_t>(kMaximumFirings));
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<RuleFiring> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back({cursor->text(0), number(*cursor, 1), from_nanoseconds(cursor->integer(2))});
    }
}

}  // namespace kentongan
