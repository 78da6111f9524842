#pragma once
// Finds floods of half-open connections against one listening service.
#include <cstdint>
#include <map>

#include "daemon/detect/anomaly/episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// A second is bad when SYNs ≥ max(threshold, 5 × their usual rate) and completed handshakes are
/// below the given share of them; three bad ones of the last five are a flood. The usual rate is
/// an exponential average (α .05) over seconds whose handshakes complete, so a flood that grows
/// slowly teaches it nothing. A crowd completes its
/// handshakes and stays silent; so do clients that retry after an outage, once the service answers
/// again within three seconds.
class SynFloodDetector final : public Detector {
  public:
    explicit SynFloodDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.syn-flood"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void inspect(const TrafficSecond& traffic, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;

  private:
    struct Counts {
        std::uint64_t syns = 0;
        std::uint64_t completed = 0;
        std::uint64_t sources = 0;
        std::string_view capture;
    };
    struct Service {
        double usual = 0;       // SYNs a second
        std::uint32_t bad = 0;  // one bit a second, the newest lowest
        Timestamp second{};     // of that bit
    };
    struct Tally {
        Counts counts;
        double usual = 0;
    };

    void close_second(FindingSink& out);
    void judge(const Endpoint& endpoint, const Counts& counts, FindingSink& out);
    void report(const Endpoint& endpoint, Timestamp time, const Tally& tally, std::uint64_t count,
                FindingSink& out) const;

    double threshold_;
    double completed_ratio_;
    std::size_t capacity_;
    LruTable<Endpoint, Service> services_;
    Episodes<Endpoint, Tally> episodes_;
    Timestamp second_{};  // being filled
    std::map<Endpoint, Counts> counts_;
    std::uint64_t refused_ = 0;
};

}  // namespace kentongan::anomaly
