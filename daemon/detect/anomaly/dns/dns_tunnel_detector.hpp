#pragma once
// Finds data carried in the names of DNS queries (N05).
#include <vector>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// For a source and a registrable domain, over the last 60 s: U distinct strings before the domain
/// with mean length L make a tunnel when U >= 15 and U x L >= 600. Exact up to 256 distinct
/// strings, 12 bytes each; the one seen longest ago makes room. Reverse lookups, our own domains
/// and those of `dns_allowed` are not counted. The address of a resolver is the source of what
/// others ask through it.
class DnsTunnelDetector final : public Detector {
  public:
    explicit DnsTunnelDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.dns-tunnel"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::dns; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return pairs_.size(); }

  private:
    struct Name {
        std::uint32_t hash = 0;
        std::uint32_t second = 0;
        std::uint16_t length = 0;
    };
    struct Pair {
        std::vector<Name> names;
        void add(Name name);
    };

    std::vector<std::string> allowed_;
    KeyedHash hash_;
    LruTable<std::string, Pair> pairs_;  // "source domain"
    FindingEpisodes episodes_;
};

}  // namespace kentongan::anomaly
