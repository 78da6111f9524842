#pragma once
// Finds floods of half-open connections against one listening service.
#include <cstdint>
#include <map>

#include "daemon/detect/anomaly/episodes.hpp"
#include "daemon/detect/anomaly/tunable.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// A second is bad when SYNs ≥ max(threshold, 5 × their usual rate) and completed handshakes are
/// below the given share of them; three bad ones of the last five are a flood. The usual rate is
/// an exponential average (α .05) over seconds whose handshakes complete, so a flood that grows
/// slowly teaches it nothing. A crowd completes its
/// handshakes and stays silent; so do clients that retry after an outage, once the service answers
/// again within three seconds.
///
/// A slower flood is found by the cumulative sum of (SYN − FIN − RST) / usual FIN and RST over bins
/// of 10 s (Wang, Zhang, Shin, "Detecting SYN Flooding Attacks", INFOCOM 2002), drift .35, in bins
/// of 50 SYNs a second or more of which less than seven tenths are completed; in others it only
/// drains. A bin counts at most 3, and the limit of 16.6 is that of one false alarm in a million
/// bins (Siegmund): so such a flood is told after 70 s, and an outage whose clients are answered
/// again within 60 s is not.
class SynFloodDetector final : public Detector, public Tunable {
  public:
    explicit SynFloodDetector(const AnomalyOptions& options);
    void tune(const AnomalyOptions& options) override;

    [[nodiscard]] std::string_view name() const override { return "anomaly.syn-flood"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const TrafficSecond& traffic, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return services_.size(); }

    static constexpr double kDrift = 0.35;
    static constexpr double kLimit = 16.6;

  private:
    struct Counts {
        std::uint64_t syns = 0;
        std::uint64_t completed = 0;
        std::uint64_t ends = 0;  // FIN or RST
        std::uint64_t sources = 0;
        std::string_view capture;
    };
    struct Service {
        double usual = 0;       // SYNs a second
        std::uint32_t bad = 0;  // one bit a second, the newest lowest
        Timestamp second{};     // of that bit
        double usual_ends = 0;  // FIN and RST in a bin
        double sum = 0;         // cumulative
        std::int64_t bin = 0;   // up to which it is
    };
    struct Tally {
        Counts counts;
        double usual = 0;  // SYNs a second, or ends in a bin
        bool slow = false;
    };
    using Tallies = std::map<Endpoint, Counts>;

    void close_second(FindingSink& out);
    void close_bin(FindingSink& out);
    void judge(const Endpoint& endpoint, const Counts& counts, FindingSink& out);
    void judge_bin(const Endpoint& endpoint, const Counts& counts, FindingSink& out);
    void tell(const Endpoint& endpoint, const Tally& tally, FindingSink& out);
    void report(const Endpoint& endpoint, Timestamp time, const Tally& tally, std::uint64_t count,
                FindingSink& out) const;

    double threshold_ = 1;
    double completed_ratio_ = 0;
    std::size_t capacity_;
    LruTable<Endpoint, Service> services_;
    Episodes<Endpoint, Tally> episodes_;
    Timestamp second_{};  // being filled
    Tallies counts_;
    std::int64_t bin_ = 0;  // of ten seconds, being filled
    Tallies bin_counts_;
    std::uint64_t refused_ = 0;
};

}  // namespace kentongan::anomaly
