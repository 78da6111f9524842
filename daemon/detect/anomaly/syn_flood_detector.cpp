// Judges each service once a second.
#include "daemon/detect/anomaly/syn_flood_detector.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"

namespace kentongan::anomaly {

namespace {

constexpr double kSmoothing = 0.05;
constexpr double kTimesUsual = 5;
constexpr std::uint32_t kLastFive = 0b11111;
constexpr int kBadOfFive = 3;
constexpr Duration kQuiet = std::chrono::seconds{60};
constexpr Duration kMemory = std::chrono::hours{1};
constexpr Duration kSecond = std::chrono::seconds{1};

}  // namespace

SynFloodDetector::SynFloodDetector(const AnomalyOptions& options)
    : threshold_(static_cast<double>(std::max<std::int64_t>(options.syn_flood_per_second, 1))),
      completed_ratio_(options.syn_flood_completed_ratio),
      capacity_(static_cast<std::size_t>(std::max<std::int64_t>(options.table_entries, 1))),
      services_(options.table_entries, kMemory, options.seed),
      episodes_(options.table_entries, kQuiet, options.seed) {}

void SynFloodDetector::inspect(const TrafficSecond& traffic, FindingSink& out) {
    if (traffic.second > second_) {
        close_second(out);
        second_ = traffic.second;
    }
    for (const auto& service : traffic.services) {
        const Endpoint endpoint{service.destination, service.port};
        if (counts_.size() >= capacity_ && !counts_.contains(endpoint)) {
            ++refused_;
            continue;
        }
        Counts& counts = counts_[endpoint];
        counts.syns += service.syns;
        counts.completed += service.completed;
        counts.sources += service.sources;
        counts.capture = std::max(counts.capture, traffic.source);
    }
}

void SynFloodDetector::advance(Timestamp now, FindingSink& out) {
    if (now < second_ + kSecond) return;
    close_second(out);
    services_.expire(now);
    episodes_.advance(now, [&](const Endpoint& endpoint, Timestamp time, const Tally& tally,
                               std::uint64_t count) { report(endpoint, time, tally, count, out); });
}

std::uint64_t SynFloodDetector::evicted() const {
    return services_.evicted() + episodes_.evicted() + refused_;
}

void SynFloodDetector::close_second(FindingSink& out) {
    for (const auto& [endpoint, counts] : counts_) judge(endpoint, counts, out);
    counts_.clear();
}

void SynFloodDetector::judge(const Endpoint& endpoint, const Counts& counts, FindingSink& out) {
    auto [service, created] = services_.touch(endpoint, second_);
    const auto gap = created ? 1 : std::max<std::int64_t>((second_ - service.second) / kSecond, 1);
    service.second = second_;
    service.usual *= std::pow(1 - kSmoothing, static_cast<double>(gap - 1));  // silent seconds
    service.bad = gap >= 32 ? 0 : service.bad << gap;

    const auto syns = static_cast<double>(counts.syns);
    const bool half_open = static_cast<double>(counts.completed) < completed_ratio_ * syns;
    const Tally tally{counts, service.usual};
    if (!half_open) service.usual += kSmoothing * (syns - service.usual);
    if (!half_open || syns < std::max(threshold_, kTimesUsual * service.usual)) return;
    service.bad |= 1;
    if (std::popcount(service.bad & kLastFive) < kBadOfFive) return;
    episodes_.note(endpoint, second_, tally, 1,
                   [&](const Endpoint& who, Timestamp time, const Tally& seen,
                       std::uint64_t count) { report(who, time, seen, count, out); });
}

void SynFloodDetector::report(const Endpoint& endpoint, Timestamp time, const Tally& tally,
                              std::uint64_t count, FindingSink& out) const {
    const Counts& counts = tally.counts;
    const double share = 100.0 * static_cast<double>(counts.completed) /
                         static_cast<double>(std::max<std::uint64_t>(counts.syns, 1));
    Finding finding;
    finding.rule = syn_flood_rule();
    finding.time = time;
    finding.entity = endpoint.to_string();
    finding.message = fmt::format(
        "SYN flood against {}: {} SYN/s from up to {} sources, {:.1f} % of handshakes completed, "
        "usually {:.0f} SYN/s",
        finding.entity, counts.syns, counts.sources, share, tally.usual);
    finding.subject.destination_ip = endpoint.address;
    finding.subject.destination_port = endpoint.port;
    finding.evidence.push_back(aggregate_evidence(counts.capture, time, finding.message));
    finding.count = count;
    out.report(std::move(finding));
}

}  // namespace kentongan::anomaly
