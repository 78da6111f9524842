#pragma once
// How many alerts nobody has closed.
#include <cstdint>
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

/// Of all that ever had any. Blocking, a few rows; on the store's thread.
[[nodiscard]] Result<std::vector<OpenAlerts>> count_open_alerts(SqliteDatabase& database);

}  // namespace kentongan
