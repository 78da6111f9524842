// Paths of requests: the input's lines, each a path and its time in the log.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/series/log_aggregator.hpp"
#include "daemon/detect/anomaly/series/route.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    anomaly::LogAggregator log{"log:fuzz", 1};
    std::uint64_t counted = 0;
    std::uint64_t requests = 0;
    const auto take = [&](const std::optional<LogSecond>& second) {
        if (!second) return;
        if (second->routes.size() > 64 || second->clients.size() > 4096) std::abort();
        for (const auto& route : second->routes) counted += route.requests;
    };
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    Event event;
    while (!rest.empty()) {
        const auto path = take_until(rest, '\n');
        if (anomaly::RouteName{path}.text().size() > 96) std::abort();
        event.clear();
        event.kind = EventKind::web;
        // The first byte moves the time, forwards or backwards.
        if (!path.empty()) event.time += std::chrono::milliseconds{path.front() * 97};
        event.set(Field::url_path, path);
        event.set(Field::source_ip, path);
        take(log.add(event));
        ++requests;
    }
    take(log.finish());
    if (counted != requests) std::abort();
    return 0;
}
