#include "daemon/store/sqlite/open_alerts.hpp"

namespace kentongan {

Result<> count_new_alerts(SqliteDatabase& database,
                          const std::map<Severity, std::uint64_t>& alerts) {
    for (const auto& [severity, count] : alerts)
        if (auto put = database.run("INSERT INTO open_alerts VALUES (?1, 'new', ?2) "
                                    "ON CONFLICT DO UPDATE SET alerts = alerts + ?2",
                                    static_cast<int>(severity), static_cast<std::int64_t>(count));
            !put)
            return put;
    return {};
}

Result<std::vector<OpenAlerts>> count_open_alerts(SqliteDatabase& database) {
    auto cursor = database.query("SELECT severity, state, alerts FROM open_alerts");
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<OpenAlerts> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back({static_cast<Severity>(cursor->integer(0)), cursor->text(1),
                       static_cast<std::uint64_t>(cursor->integer(2))});
    }
}

}  // namespace kentongan
