#pragma once
// What a lane counted of one log in one second of event time, for the detectors of anomalies in
// series and of logs that fall silent. The events themselves never leave the lane.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/event/event.hpp"

namespace kentongan {

/// Durations counted in two steps for each power of two, from 0.1 ms to 14 minutes: a quantile of
/// 0.2 ms or more is right within a quarter. Mergeable by addition.
struct LatencyCounts {
    static constexpr std::size_t kSteps = 48;

    std::array<std::uint16_t, kSteps> steps{};  ///< saturate
    std::uint64_t total_us = 0;
    std::uint32_t count = 0;

    void add(std::uint64_t microseconds) {
        auto& step = steps[step_of(microseconds)];
        if (step != UINT16_MAX) ++step;
        total_us += microseconds;
        ++count;
    }
    void add(const LatencyCounts& other) {
        for (std::size_t i = 0; i < kSteps; ++i)
            steps[i] = static_cast<std::uint16_t>(
                std::min<std::uint32_t>(std::uint32_t{steps[i]} + other.steps[i], UINT16_MAX));
        total_us += other.total_us;
        count += other.count;
    }
    /// The duration in µs that a share `q` of them does not exceed; 0 when there are none.
    [[nodiscard]] std::uint64_t quantile(double q) const {
        std::uint64_t all = 0;
        for (const auto step : steps) all += step;
        auto left = static_cast<std::uint64_t>(q * static_cast<double>(all));
        for (std::size_t i = 0; i < kSteps; ++i) {
            if (steps[i] != 0 && left < steps[i]) return middle_of(i);
            left -= std::min<std::uint64_t>(left, steps[i]);
        }
        return 0;
    }
    [[nodiscard]] static std::size_t step_of(std::uint64_t microseconds) {
        const std::uint64_t tenths = microseconds / 100;  // of a millisecond
        if (tenths == 0) return 0;
        const auto power = static_cast<std::size_t>(std::bit_width(tenths)) - 1;
        const bool upper = power > 0 && (tenths >> (power - 1) & 1) != 0;
        return std::min(2 * power + (upper ? 2 : 1), kSteps - 1);
    }
    /// About the middle of a step, µs.
    [[nodiscard]] static std::uint64_t middle_of(std::size_t step) {
        if (step == 0) return 50;
        const std::uint64_t power = std::uint64_t{100} << ((step - 1) / 2);
        return step % 2 == 1 ? power + power / 4 : power + power * 3 / 4;
    }
};

/// Bounded: at most 64 routes and 4,096 registers; what is over is in `other` and in the estimate.
struct LogSecond {
    struct Route {
        std::shared_ptr<const std::string> name;  ///< "/upload/{tps}"; "other" for the rest
        std::uint32_t requests = 0;
        std::uint32_t client_errors = 0;  ///< status 400 to 499
        std::uint32_t server_errors = 0;  ///< status 500 to 599
        std::uint64_t bytes = 0;          ///< of the answers' bodies
        LatencyCounts latency;
    };

    Timestamp second{};       ///< start of the second
    std::string_view source;  ///< interned name of the log
    std::uint32_t events = 0;
    std::uint32_t logins_failed = 0;
    std::uint32_t logins_succeeded = 0;
    std::vector<Route> routes;
    /// Distinct client addresses: registers of a HyperLogLog of precision 12, index << 8 | rank.
    std::vector<std::uint32_t> clients;
    std::uint32_t late = 0;    ///< events older than the second they were counted in
    Duration lateness{0};      ///< the most of them
    Duration stepped_back{0};  ///< how far the log's time went back before this second, or 0
    Origin last;               ///< of the last event counted
    std::string line;          ///< its raw form, at most 1 KiB of it
    bool line_cut = false;     ///< it was longer
    bool ended = false;        ///< the log is over (recorded input): its silence means nothing
};

}  // namespace kentongan
