#pragma once
// Finds sources that look for open ports and hosts, from the outcome of their connection attempts.
#include <vector>

#include "daemon/detect/anomaly/episodes.hpp"
#include "daemon/detect/anomaly/recent_set.hpp"
#include "daemon/detect/anomaly/tunable.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// Two ways to a verdict, both for each source address:
/// - the sequential test of Jung, Paxson, Berger and Balakrishnan, "Fast Portscan Detection Using
///   Sequential Hypothesis Testing" (2004), over first contacts with hosts: θ0 .8, θ1 .2, α = β =
///   .01. The walk stops at the lower bound, so past good conduct buys little credit;
/// - distinct ports or distinct hosts in a sliding window, when at least a fifth of them did not
///   answer: a gateway with many users reaches many hosts too, but nearly all of them answer.
/// Attempts of one second are taken in a fixed order, so the lanes' order does not matter.
class ScanDetector final : public Detector, public Tunable {
  public:
    explicit ScanDetector(const AnomalyOptions& options);
    void tune(const AnomalyOptions& options) override;

    [[nodiscard]] std::string_view name() const override { return "anomaly.scan"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const TrafficSecond& traffic, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;

  private:
    struct Attempt {
        TrafficSecond::Attempt what;
        std::string_view capture;
    };
    struct Source {
        double walk = 0;  // log-likelihood ratio
        RecentSet hosts;
        RecentSet ports;
    };
    struct Tally {
        std::size_t hosts = 0;
        std::size_t ports = 0;
        std::string_view reason;
        std::string_view capture;
        TrafficSecond::Attempt last;
    };

    void close_second(FindingSink& out);
    void take(const Attempt& attempt, FindingSink& out);
    std::string_view verdict(Source& source, Timestamp since, Tally& tally) const;
    void report(const IpAddress& source, Timestamp time, const Tally& tally, std::uint64_t count,
                FindingSink& out) const;

    std::size_t most_hosts_ = 1;
    std::size_t most_ports_ = 1;
    Duration window_;
    KeyedHash hash_;
    LruTable<IpAddress, Source> sources_;
    Episodes<IpAddress, Tally> episodes_;
    Timestamp second_{};  // being filled
    std::vector<Attempt> attempts_;
    std::uint64_t refused_ = 0;
};

}  // namespace kentongan::anomaly
