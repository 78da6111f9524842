#pragma once
// Finds floods of random names below our own domains, sent through many resolvers (D08).
#include <map>
#include <string>
#include <vector>

#include "daemon/detect/anomaly/dns/trigram_model.hpp"
#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/anomaly/series/hyperloglog.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// For each of `own_domains`, in bins of 10 s: 500 distinct names, more than 8 of 10 answers
/// NXDOMAIN, and names that score on average below -4.1 against the model of words. Memory: two
/// sketches of 4 KiB a domain.
class WaterTortureDetector final : public Detector {
  public:
    explicit WaterTortureDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.dns-water-torture"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::dns; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override { close_bin(out); }
    [[nodiscard]] std::uint64_t evicted() const override { return episodes_.evicted(); }

  private:
    struct Domain {
        HyperLogLog names;
        HyperLogLog sources;
        std::uint64_t answers = 0;
        std::uint64_t missing = 0;
        double scores = 0;
        std::string_view capture;
    };
    void close_bin(FindingSink& out);
    void judge(const std::string& name, const Domain& domain, FindingSink& out);

    const TrigramModel& model_;
    std::vector<std::string> ours_;
    KeyedHash hash_;
    Bins bins_{std::chrono::seconds{10}};
    std::map<std::string, Domain> domains_;
    FindingEpisodes episodes_;
};

}  // namespace kentongan::anomaly
