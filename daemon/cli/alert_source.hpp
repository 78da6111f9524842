#pragma once
// Where `kentongan alerts` reads: the daemon's API while it runs, else its database file.
#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/settings.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan::cli {

struct AlertFilter {
    AlertQuery query;
    std::size_t limit = 50;
};

class AlertSource {
  public:
    virtual ~AlertSource() = default;
    [[nodiscard]] virtual Result<std::vector<boost::json::value>> list(const AlertFilter&) = 0;
    /// no_input when there is none with that id.
    [[nodiscard]] virtual Result<boost::json::value> show(const std::string& id) = 0;
    /// What the capture kept of its traffic, as pcapng; no_input when nothing, and why.
    [[nodiscard]] virtual Result<std::string> packets(const std::string& id) = 0;
};

/// `database` names a file to read offline; empty: the API, or, when nobody listens there, the
/// database of the settings.
[[nodiscard]] Result<std::unique_ptr<AlertSource>> open_alerts(const Config& config,
                                                               const std::string& database);

/// The database file of the settings.
[[nodiscard]] std::string database_path(const Config& config);

}  // namespace kentongan::cli
