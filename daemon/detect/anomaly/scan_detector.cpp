// The sequential test and the counts behind port and host scans.
#include "daemon/detect/anomaly/scan_detector.hpp"

#include <fmt/format.h>

#include <tuple>

#include "daemon/detect/anomaly/aggregate.hpp"
#include "daemon/detect/anomaly/rules.hpp"

namespace kentongan::anomaly {

namespace {

constexpr double kStep = 1.386;     // ln(θ0/θ1) = ln 4: down for a success, up for a failure
constexpr double kVerdict = 4.595;  // ln((1-β)/α) = ln 99
constexpr std::size_t kContacts = 64;
constexpr std::size_t kFailedShare = 5;  // one in five
constexpr std::size_t kAttemptsASecond = 65536;
constexpr Duration kMemory = std::chrono::minutes{10};

std::int64_t at_least_one(std::int64_t value) { return std::max<std::int64_t>(value, 1); }

auto order_of(const TrafficSecond::Attempt& a) {
    return std::tie(a.source, a.destination, a.port, a.succeeded);
}

}  // namespace

ScanDetector::ScanDetector(const AnomalyOptions& options)
    : window_(std::chrono::seconds{at_least_one(options.scan_window_seconds)}),
      hash_(options.seed),
      sources_(options.table_entries, std::max(window_, kMemory), options.seed),
      episodes_(options.table_entries, window_, options.seed) {
    tune(options);
}

void ScanDetector::tune(const AnomalyOptions& options) {
    most_hosts_ = static_cast<std::size_t>(at_least_one(options.scan_hosts));
    most_ports_ = static_cast<std::size_t>(at_least_one(options.scan_ports));
}

void ScanDetector::inspect(const TrafficSecond& traffic, FindingSink& out) {
    if (traffic.second > second_) {
        close_second(out);
        second_ = traffic.second;
    }
    for (const auto& attempt : traffic.attempts) {
        if (attempts_.size() == kAttemptsASecond) {
            ++refused_;
            continue;
        }
        attempts_.push_back({attempt, traffic.source});
    }
}

void ScanDetector::advance(Timestamp now, FindingSink& out) {
    if (now < second_ + std::chrono::seconds{1}) return;
    close_second(out);
    sources_.expire(now);
    episodes_.advance(now, [&](const IpAddress& source, Timestamp time, const Tally& tally,
                               std::uint64_t count) { report(source, time, tally, count, out); });
}

std::uint64_t ScanDetector::evicted() const {
    return sources_.evicted() + episodes_.evicted() + refused_;
}

void ScanDetector::close_second(FindingSink& out) {
    std::ranges::sort(attempts_, [](const Attempt& a, const Attempt& b) {
        return std::pair{order_of(a.what), a.capture} < std::pair{order_of(b.what), b.capture};
    });
    for (const Attempt& attempt : attempts_) take(attempt, out);
    attempts_.clear();
}

void ScanDetector::take(const Attempt& attempt, FindingSink& out) {
    const auto& what = attempt.what;
    sources_.expire(second_);
    Source& source = sources_.touch(what.source, second_).value;
    const auto host = static_cast<std::uint32_t>(hash_(what.destination));
    const auto room = std::max(most_hosts_, kContacts);
    if (source.hosts.add(host, second_, !what.succeeded, room))
        source.walk = std::max(source.walk + (what.succeeded ? -kStep : kStep), -kVerdict);
    source.ports.add(what.port, second_, !what.succeeded, most_ports_);

    Tally tally{0, 0, {}, attempt.capture, what};
    tally.reason = verdict(source, second_ - window_, tally);
    const bool goes_on = !what.succeeded && episodes_.ongoing(what.source);
    if (tally.reason.empty() && !goes_on) return;
    episodes_.note(what.source, second_, tally, 1,
                   [&](const IpAddress& who, Timestamp time, const Tally& seen,
                       std::uint64_t count) { report(who, time, seen, count, out); });
}

/// Why this source is scanning; empty when it is not. Ends the walk when that was the reason.
std::string_view ScanDetector::verdict(Source& source, Timestamp since, Tally& tally) const {
    tally.hosts = source.hosts.count(since);
    tally.ports = source.ports.count(since);
    if (source.walk >= kVerdict) {
        source.walk = 0;
        return "first contacts with hosts fail";
    }
    if (tally.ports >= most_ports_ && source.ports.marked(since) * kFailedShare >= tally.ports)
        return "many ports";
    if (tally.hosts >= most_hosts_ && source.hosts.marked(since) * kFailedShare >= tally.hosts)
        return "many hosts";
    return {};
}

void ScanDetector::report(const IpAddress& source, Timestamp time, const Tally& tally,
                          std::uint64_t count, FindingSink& out) const {
    Finding finding;
    finding.rule = port_scan_rule();
    finding.time = time;
    finding.entity = source.to_string();
    finding.message = fmt::format("Scan from {}: {} hosts and {} ports tried within {} s ({})",
                                  finding.entity, tally.hosts, tally.ports,
                                  std::chrono::duration_cast<std::chrono::seconds>(window_).count(),
                                  tally.reason.empty() ? "continues" : tally.reason);
    finding.subject.source_ip = source;
    finding.subject.destination_ip = tally.last.destination;
    finding.subject.destination_port = tally.last.port;
    finding.evidence.push_back(aggregate_evidence(tally.capture, time, finding.message));
    finding.severity = is_internal(source) ? Severity::high : Severity::low;
    finding.count = count;
    out.report(std::move(finding));
}

}  // namespace kentongan::anomaly
