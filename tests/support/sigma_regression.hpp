#pragma once
// SigmaHQ's regression data as NDJSON events: regression_data/**/<rule id>.json of a checkout, each
// the JSON twin of one Windows event log.
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kentongan {

struct RegressionCase {
    std::string rule;                 ///< the id of the rule that must fire
    std::vector<std::string> events;  ///< NDJSON: System.* and EventData.* flattened
};

/// `logsource_of` gives a rule's logsource as a JSON object, for its events; empty: the case is
/// left out. Sorted by path. Blocking.
[[nodiscard]] std::vector<RegressionCase> sigma_regression(
    const std::filesystem::path& checkout,
    const std::function<std::string(std::string_view rule)>& logsource_of);

}  // namespace kentongan
