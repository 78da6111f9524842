#pragma once
// Tells a flood of requests from a crowd (D04), for each service every ten seconds.
#include <deque>
#include <map>
#include <memory>
#include <optional>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/flood/flood_bin.hpp"
#include "daemon/detect/anomaly/flood/flood_score.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// From web events, of logs and of the wire, and the handshakes of TrafficSecond. A service is the
/// address and port that served, else the log. Attack: critical; warning: medium; a crowd: low, for
/// KPU alone ("capacity"). At most 256 services at once, each with 200 KiB in its open bin. A
/// network counts as seen a minute after it came, and not while S >= 2, so that an attack's
/// networks stay new. With `web_sample` n only the requests of one source in n (by keyed hash) are
/// picked.
class HttpFloodDetector final : public Detector {
  public:
    explicit HttpFloodDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.http-flood"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::web; }
    [[nodiscard]] bool picks(const Event& event) const override;
    void inspect(const Event& event, FindingSink& out) override;
    void inspect(const TrafficSecond& traffic, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override { close_bin(out); }
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return services_.size(); }

  private:
    struct Service {
        FloodScore score;
        std::optional<FloodBin> bin;
        std::optional<Finding> example;                       // of the open bin's first request
        std::deque<std::vector<std::uint64_t>> new_networks;  // of the last minute's bins
    };

    bool enters(Timestamp time, FindingSink& out);
    void close_bin(FindingSink& out);
    void remember_networks(Service& service, bool hold);
    void judge(const std::string& name, Service& service, FindingSink& out);
    void tell(const std::string& name, const Service& service, const FloodMeasures& seen,
              const FloodScore::Reading& read, FindingSink& out);

    std::uint64_t seed_;
    std::uint32_t sample_;
    std::optional<Timestamp> polls_close_;
    KeyedHash hash_;
    FloodMemory memory_;
    Bins bins_{std::chrono::seconds{10}};
    LruTable<std::string, Service> services_;
    FindingEpisodes attacks_;
    FindingEpisodes warnings_;
    FindingEpisodes crowds_;
};

}  // namespace kentongan::anomaly
