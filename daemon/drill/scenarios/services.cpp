// The service itself: overrun, or away.
#include <fmt/format.h>

#include <array>

#include "daemon/drill/files.hpp"
#include "daemon/drill/log_lines.hpp"
#include "daemon/drill/scenario.hpp"

namespace kentongan::drill {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

void answer(Scene& scene, Duration at, std::string ip, std::string uri, int status) {
    const Timestamp time = scene.start + at;
    scene.script.line(time, std::string(kWebLog),
                      web_line(time, {.ip = std::move(ip),
                                      .uri = std::move(uri),
                                      .status = status,
                                      .bytes = status == 200 ? 900 : 190,
                                      .agent = "okhttp/4.12.0",
                                      .referrer = "-"}));
}

std::string some_address(generate::Random& random) {
    return fmt::format("{}.{}.{}.{}", random.pick(std::array{36, 103, 114, 182}), random.below(256),
                       random.below(256), random.below(256));
}

/// Forty sources without pause ask for pages that no cache has; the gateway gives up on everybody.
void flood(Scene& scene) {
    for (int i = 0; i < 18'000; ++i) {
        const Duration at = milliseconds{30 * i};
        const bool hostile = i % 6 != 0;
        answer(scene, at,
               hostile ? fmt::format("203.0.113.{}", 80 + i % 40) : some_address(scene.random),
               hostile ? fmt::format("/hasil?q={}", scene.random.hex(12)) : "/",
               scene.random.chance(0.7) ? 503 : 200);
    }
}

/// Uploads stop for an hour (the night of the stage leaves them out); the app's calls end in 502.
void outage(Scene& scene) {
    for (int i = 0; i < 1800; ++i)
        answer(scene, seconds{2 * i}, some_address(scene.random), "/kpps/pkwkp/formc-image/upload",
               502);
}

}  // namespace

std::vector<Scenario> service_scenarios() {
    return {
        {"flood",
         "Forty sources overrun the site for nine minutes",
         false,
         minutes{310},
         minutes{12},
         {"Many clients get server errors at once", "anomaly:error-share", "anomaly:request-rate",
          "One page asked for with ever new random queries", "anomaly:latency"},
         {"kpu"},
         {},
         flood},
        {kOutage,
         "Uploads stop for an hour, the app gets 502",
         false,
         minutes{390},
         minutes{70},
         {"sirekap:upload-stall", "sirekap:rate-shift", "anomaly:error-share",
          "anomaly:request-rate", "Many clients get server errors at once"},
         {"kpu"},
         {},
         outage},
    };
}

}  // namespace kentongan::drill
