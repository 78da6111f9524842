#include "daemon/store/sqlite/open_alerts.hpp"

namespace kentongan {

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
