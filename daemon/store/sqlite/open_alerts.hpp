#pragma once
// How many alerts nobody has closed.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kentongan {

struct OpenAlerts {
    Severity severity = Severity::info;
    std::string state;  ///< of triage
    std::uint64_t alerts = 0;
};

/// New ones of a commit, in its transaction. What becomes of them the database counts itself.
[[nodiscard]] Result<> count_new_alerts(SqliteDatabase& database,
                                        const std::map<Severity, std::uint64_t>& alerts);

/// Of all that ever had any. Blocking, a few rows; on the store's thread.
[[nodiscard]] Result<std::vector<OpenAlerts>> count_open_alerts(SqliteDatabase& database);

}  // namespace kentongan
