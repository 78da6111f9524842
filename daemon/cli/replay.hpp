#pragma once
// What `kentongan replay` was asked to do.
#include <string>
#include <utility>
#include <vector>

#include "daemon/alert/alert.hpp"
#include "daemon/config/config.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan::cli {

struct ReplayInputs {
    std::vector<std::string> pcaps;
    std::vector<std::pair<std::string, std::string>> logs;  ///< format, file
    std::vector<std::string> events;
    std::vector<std::string> trees;
    std::vector<std::string> published;  ///< folders of saved snapshots

    [[nodiscard]] bool empty() const {
        return pcaps.empty() && logs.empty() && events.empty() && trees.empty() &&
               published.empty();
    }
};

struct ReplayResult {
    std::vector<std::string> alerts;  ///< JSON, in the order they were raised
    std::vector<Error> failures;      ///< inputs that could not be read, or not to their end
};

/// Runs recorded input through the pipeline on event time. Blocking. The same input gives the
/// same alerts, byte for byte, whatever `lanes`. `progress` draws on stderr.
[[nodiscard]] Result<ReplayResult> replay(const ReplayInputs& inputs, const Config& config,
                                          std::size_t lanes, bool progress, Metrics& metrics);

}  // namespace kentongan::cli
