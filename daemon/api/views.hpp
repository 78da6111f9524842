#pragma once
// What the process tells of itself beside the store: one function a page of the console. An empty
// one: the page answers 404 and why. Called on the loop, and none blocks.
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"

namespace kentongan::api {

/// In the daemon's state directory: where a drill keeps its score for the page that shows it.
inline constexpr std::string_view kDrillScore = "drill.json";

struct Views {
    std::function<boost::json::object()> sensors{};   ///< GET /api/v1/sensors
    std::function<boost::json::object()> services{};  ///< GET /api/v1/services
    std::function<boost::json::object()> rules{};     ///< GET /api/v1/rules
    std::function<boost::json::object()> settings{};  ///< GET /api/v1/settings
    std::function<boost::json::object()> evidence{};  ///< GET /api/v1/evidence
    /// GET /api/v1/alerts/{id}/proof: where it stands in the ledger; no_input: not yet.
    std::function<Task<Result<boost::json::object>>(std::string alert)> proof{};
    /// GET /api/v1/rules/{id}; no_input: there is none.
    std::function<Task<Result<boost::json::object>>(std::string id)> rule{};
    /// GET /api/v1/drill: what the drill that feeds this daemon has scored so far; no_input: none.
    std::function<Task<Result<boost::json::object>>()> drill{};
    /// GET /api/v1/coverage/series; nothing for an unknown area.
    std::function<Task<std::optional<boost::json::object>>(std::string area)> series{};
};

}  // namespace kentongan::api
