// kentongan-bench-series: what counting a log costs its lane, in nanoseconds an event.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "daemon/detect/anomaly/series/log_aggregator.hpp"

namespace {

using namespace kentongan;

constexpr std::size_t kEvents = 2'000'000;
constexpr std::size_t kDifferent = 1024;

std::vector<Event> web_events() {
    std::vector<Event> out(kDifferent);
    for (std::size_t i = 0; i < out.size(); ++i) {
        Event& event = out[i];
        event.kind = EventKind::web;
        event.set(Field::source_ip, *IpAddress::parse(fmt::format("36.{}.{}.7", i % 250, i % 77)));
        event.set(Field::http_request_method, "GET");
        event.set(Field::url_original, "/pemilu/hhcw/ppwp/31/3174/3174021004010.json?v=2");
        event.set(Field::url_path, i % 3 == 0   ? "/pemilu/hhcw/ppwp/31/3174/3174021004010.json"
                                   : i % 3 == 1 ? "/assets/index-8f3a1c.js"
                                                : "/api/v1/tps/3174021004010/photo");
        event.set(Field::http_version, "1.1");
        event.set(Field::http_response_status_code, 200);
        event.set(Field::event_outcome, "success");
        event.set(Field::http_response_body_bytes, 4120);
        event.set(Field::user_agent_original, "Mozilla/5.0 (X11; Linux x86_64; rv:132.0)");
        event.set_raw(std::string(220, 'x'));
    }
    return out;
}

std::vector<Event> plain_events() {
    std::vector<Event> out(kDifferent);
    for (Event& event : out) {
        event.set(Field::process_name, "cron");
        event.set(Field::message, "session opened for user root");
        event.set_raw(std::string(120, 'x'));
    }
    return out;
}

/// Median of five rounds; `per_second` events share a second.
double nanoseconds(std::vector<Event> events, std::size_t per_second) {
    std::array<double, 5> rounds{};
    for (double& round : rounds) {
        anomaly::LogAggregator log{"log:bench", 1};
        std::uint64_t seconds = 0;
        const auto began = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < kEvents; ++i) {
            Event& event = events[i % kDifferent];
            event.time = Timestamp{std::chrono::seconds{static_cast<std::int64_t>(i / per_second)}};
            if (log.add(event)) ++seconds;
        }
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - began;
        round = took.count() / static_cast<double>(kEvents + (seconds == 0 ? 1 : 0));
    }
    std::ranges::nth_element(rounds, rounds.begin() + 2);
    return rounds[2];
}

}  // namespace

int main() {
    fmt::print("{:<34}{:>8}\n", "counted on the lane", "ns/event");
    for (const std::size_t per_second : {100'000U, 1'000U, 1U}) {
        fmt::print("web, {:>6} a second             {:>8.0f}\n", per_second,
                   nanoseconds(web_events(), per_second));
        fmt::print("other, {:>6} a second           {:>8.0f}\n", per_second,
                   nanoseconds(plain_events(), per_second));
    }
    return 0;
}
