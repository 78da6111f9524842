#pragma once
// Where `kentongan alerts` reads: the daemon's API while it runs, else its database file.
#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/settings.hpp"
#include "daemon/store/alert_search.hpp"

namespace kentongan::cli {

/// A question as the command line puts it, in the query language.
struct AlertFilter {
    std::string query;
    std::size_t limit = 50;
    bool newest_first = true;
};

struct AlertList {
    std::vector<boost::json::value> alerts;
    std::string partial;  ///< why these are not all; empty when they are
};

class AlertSource {
  public:
    virtual ~AlertSource() = default;
    [[nodiscard]] virtual Result<AlertList> list(const AlertFilter&) = 0;
    /// `query` is parsed already.
    [[nodiscard]] virtual Result<SearchAnswer> count(const std::string& query, query::Name by,
                                                     std::size_t groups) = 0;
    /// `interval` as 5m or 1h; empty: chosen.
    [[nodiscard]] virtual Result<SearchAnswer> histogram(const std::string& query,
                                                         const std::string& interval) = 0;
    [[nodiscard]] virtual Result<std::vector<SavedSearch>> saved() = 0;
    [[nodiscard]] virtual Result<> save(const SavedSearch& search) = 0;
    /// no_input when there is none.
    [[nodiscard]] virtual Result<> forget(const std::string& name) = 0;
    /// no_input when there is none with that id.
    [[nodiscard]] virtual Result<boost::json::value> show(const std::string& id) = 0;
    /// What the capture kept of its traffic, as pcapng; no_input when nothing, and why.
    [[nodiscard]] virtual Result<std::string> packets(const std::string& id) = 0;
};

/// `database` names a file to read offline; empty: the API, or, when nobody listens there, the
/// database of the settings.
/// `writing`: the file is to be changed.
[[nodiscard]] Result<std::unique_ptr<AlertSource>> open_alerts(const Config& config,
                                                               const std::string& database,
                                                               bool writing = false);

/// The database file of the settings.
[[nodiscard]] std::string database_path(const Config& config);

}  // namespace kentongan::cli
