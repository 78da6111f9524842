#pragma once
// The metrics of watched services, from what lanes count of their logs.
#include "daemon/event/log_second.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan {

/// Adds a second of a log to its source's series; a log without requests has none.
inline void count_service(const LogSecond& second, Metrics& metrics) {
    if (second.routes.empty()) return;
    std::uint32_t requests = 0;
    std::uint32_t client_errors = 0;
    std::uint32_t server_errors = 0;
    LatencyCounts latency;
    for (const LogSecond::Route& route : second.routes) {
        requests += route.requests;
        client_errors += route.client_errors;
        server_errors += route.server_errors;
        latency.add(route.latency);
    }
    metrics.service_requests.with({second.source, "ok"})
        .add(requests - client_errors - server_errors);
    metrics.service_requests.with({second.source, "client_error"}).add(client_errors);
    metrics.service_requests.with({second.source, "server_error"}).add(server_errors);
    if (latency.count > 0)
        metrics.service_latency.with({second.source})
            .set(static_cast<double>(latency.quantile(0.95)) / 1e6);
}

}  // namespace kentongan
