#pragma once
// What the routes reach: narrow views of the store, the metrics and the process's state.
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/api/tokens.hpp"
#include "daemon/async/task.hpp"
#include "daemon/base/time.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan::api {

struct Health {
    bool alive = true;
    bool ready = true;
    std::vector<std::string> reasons{};  ///< why it is not, for people
};

/// Packets that were kept of an alert's traffic.
struct KeptPackets {
    std::string pcapng;
    std::size_t packets = 0;
    bool cut = false;  ///< there are more
};

/// All of it outlives the server. The two callbacks run on the loop and must not block.
struct Dependencies {
    AlertStore& alerts;
    Outbox& outbox;
    asio::any_io_executor store;  ///< the only thread that may call the two above
    Metrics& metrics;
    std::function<Health()> health;
    /// Members of GET /api/v1/status; `name` (of the sensor) and `heartbeat` (RFC 3339, when data
    /// last passed the pipeline) are shown by the page.
    std::function<boost::json::object()> status;
    const Clock& clock;
    /// GET /api/v1/coverage: of an area (empty: all), then or forecast. On the loop, lock-free;
    /// nothing for an unknown area. Empty function: there is no register.
    std::function<std::optional<boost::json::object>(const std::string& area,
                                                     std::optional<Timestamp> at)>
        coverage{};
    /// GET /api/v1/alerts/{id}/packets, of an alert's JSON; called on the loop, looks elsewhere.
    /// no_input: none, and why. Empty function: no packets are kept.
    std::function<Task<Result<KeptPackets>>(std::string alert)> packets{};
};

/// What every route is given.
struct Service {
    Dependencies dependencies;
    Tokens tokens;
    std::size_t open_streams = 0;
    std::size_t maximum_streams = 16;
};

}  // namespace kentongan::api
