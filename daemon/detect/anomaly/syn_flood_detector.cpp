// Judges each service once a second, and once in ten by the ends that are missing.
#include "daemon/detect/anomaly/syn_flood_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
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
constexpr Duration kBin = std::chrono::seconds{10};
constexpr double kLeastSyns = 500;      // in a bin
constexpr double kCompletes = 0.7;      // f9 of the signs of a crowd
constexpr double kLeastEnds = 10;       // in a bin: what a service with fewer is taken to have
constexpr double kMostOfABin = 3;       // of the cumulative sum
constexpr double kEndsSmoothing = 0.1;  // over 10 bins

std::int64_t bin_of(Timestamp second) { return second.time_since_epoch() / kBin; }

}  // namespace

SynFloodDetector::SynFloodDetector(const AnomalyOptions& options)
    : capacity_(static_cast<std::size_t>(std::max<std::int64_t>(options.table_entries, 1))),
      services_(options.table_entries, kMemory, options.seed),
      episodes_(options.table_entries, kQuiet, options.seed) {
    tune(options);
}

void SynFloodDetector::tune(const AnomalyOptions& options) {
    threshold_ = static_cast<double>(std::max<std::int64_t>(options.syn_flood_per_second, 1));
    completed_ratio_ = options.syn_flood_completed_ratio;
}

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
        counts.ends += service.fins;
        counts.sources += service.sources;
        counts.capture = std::max(counts.capture, traffic.source);
    }
}

void SynFloodDetector::advance(Timestamp now, FindingSink& out) {
    if (now < second_ + kSecond) return;
    close_second(out);
    if (bin_of(now) > bin_) close_bin(out);
    services_.expire(now);
    episodes_.advance(now, [&](const Endpoint& endpoint, Timestamp time, const Tally& tally,
                               std::uint64_t count) { report(endpoint, time, tally, count, out); });
}

void SynFloodDetector::end_of_input(FindingSink& out) {
    close_second(out);
    close_bin(out);
}

std::uint64_t SynFloodDetector::evicted() const {
    return services_.evicted() + episodes_.evicted() + refused_;
}

void SynFloodDetector::close_second(FindingSink& out) {
    if (bin_of(second_) > bin_) close_bin(out);
    for (const auto& [endpoint, counts] : counts_) {
        judge(endpoint, counts, out);
        if (bin_counts_.size() >= capacity_ && !bin_counts_.contains(endpoint)) {
            ++refused_;
            continue;
        }
        Counts& bin = bin_counts_[endpoint];
        bin.syns += counts.syns;
        bin.completed += counts.completed;
        bin.ends += counts.ends;
        bin.sources = std::max(bin.sources, counts.sources);
        bin.capture = std::max(bin.capture, counts.capture);
    }
    counts_.clear();
}

void SynFloodDetector::close_bin(FindingSink& out) {
    for (const auto& [endpoint, counts] : bin_counts_) judge_bin(endpoint, counts, out);
    bin_counts_.clear();
    bin_ = bin_of(second_);
}

/// Silent bins drain the sum as bins with as many ends as SYNs do.
void SynFloodDetector::judge_bin(const Endpoint& endpoint, const Counts& counts, FindingSink& out) {
    Service& service = services_.touch(endpoint, second_).value;
    const auto gap = std::max<std::int64_t>(bin_ - service.bin, 1);
    service.bin = bin_;
    const auto syns = static_cast<double>(counts.syns);
    const auto ends = static_cast<double>(counts.ends);
    const bool half_open =
        syns >= kLeastSyns && static_cast<double>(counts.completed) < kCompletes * syns;
    const double usual = std::max(service.usual_ends, kLeastEnds);
    const double step = std::clamp((syns - ends) / usual, -kMostOfABin, kMostOfABin);
    const double silent = kDrift * static_cast<double>(gap - 1);
    service.sum = std::max(0.0, service.sum - silent) + (half_open ? step : std::min(step, 0.0));
    service.sum = std::clamp(service.sum - kDrift, 0.0, kLimit + 2 * kMostOfABin);
    if (!half_open) service.usual_ends += kEndsSmoothing * (ends - service.usual_ends);
    if (half_open && service.sum > kLimit) tell(endpoint, Tally{counts, usual, true}, out);
}

void SynFloodDetector::tell(const Endpoint& endpoint, const Tally& tally, FindingSink& out) {
    episodes_.note(endpoint, second_, tally, 1,
                   [&](const Endpoint& who, Timestamp time, const Tally& seen,
                       std::uint64_t count) { report(who, time, seen, count, out); });
}

void SynFloodDetector::judge(const Endpoint& endpoint, const Counts& counts, FindingSink& out) {
    auto [service, created] = services_.touch(endpoint, second_);
    const auto gap = created ? 1 : std::max<std::int64_t>((second_ - service.second) / kSecond, 1);
    service.second = second_;
    service.usual *= std::pow(1 - kSmoothing, static_cast<double>(gap - 1));  // silent seconds
    service.bad = gap >= 32 ? 0 : service.bad << gap;

    const auto syns = static_cast<double>(counts.syns);
    const bool half_open = static_cast<double>(counts.completed) < completed_ratio_ * syns;
    const Tally tally{counts, service.usual, false};
    if (!half_open) service.usual += kSmoothing * (syns - service.usual);
    if (!half_open || syns < std::max(threshold_, kTimesUsual * service.usual)) return;
    service.bad |= 1;
    if (std::popcount(service.bad & kLastFive) < kBadOfFive) return;
    tell(endpoint, tally, out);
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
    finding.message =
        tally.slow ? fmt::format(
                         "SYN flood against {}: for over a minute far more SYNs than FINs and "
                         "RSTs, {} and {} in the last 10 s, where usually {:.0f} end; {:.1f} % of "
                         "handshakes completed",
                         finding.entity, counts.syns, counts.ends, tally.usual, share)
                   : fmt::format(
                         "SYN flood against {}: {} SYN/s from up to {} sources, {:.1f} % of "
                         "handshakes completed, usually {:.0f} SYN/s",
                         finding.entity, counts.syns, counts.sources, share, tally.usual);
    finding.subject.destination_ip = endpoint.address;
    finding.subject.destination_port = endpoint.port;
    finding.evidence.push_back(aggregate_evidence(counts.capture, time, finding.message));
    finding.count = count;
    out.report(std::move(finding));
}

}  // namespace kentongan::anomaly
