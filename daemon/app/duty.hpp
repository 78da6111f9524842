#pragma once
// Duty: a database is either of an exercise or of the real thing, for good.
#include <map>
#include <memory>
#include <string>

#include "daemon/base/time.hpp"
#include "daemon/config/config.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// The clock that the settings ask for: an exercise's own, or the system's.
[[nodiscard]] std::unique_ptr<const Clock> clock_for(const DaemonSettings& settings);

/// Marks a new database as an exercise's, and refuses (ErrorCode::config) one of the other kind:
/// exercise alerts must neither enter the history of real ones nor lose their mark. `bookmarks` are
/// the store's; `path` is for the message.
[[nodiscard]] Result<> keep_duty(AlertStore& store,
                                 const std::map<std::string, std::string>& bookmarks, bool exercise,
                                 const std::string& path);

}  // namespace kentongan
