#pragma once
// Finds programs that look for their controller under generated names (N06).
#include <vector>

#include "daemon/detect/anomaly/dns/trigram_model.hpp"
#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// For a source, over 10 minutes, of registrable domains that do not exist (NXDOMAIN):
/// - ten or more distinct ones, and the mean score of the last ten below -4.1: random letters;
/// - or fifty or more, and more than 7 of 10 answered queries of that time: word lists.
/// The threshold was chosen on one half of what was measured (README); names made of syllables
/// only the second rule finds. A search suffix or a probe of one label makes no new registrable
/// domain. Exact up to 64 distinct domains.
class DgaDetector final : public Detector {
  public:
    explicit DgaDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.dga"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::dns; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return sources_.size(); }

    static constexpr double kThreshold = -4.1;
    static constexpr std::size_t kLast = 10;

  private:
    struct Missing {
        std::uint32_t hash = 0;
        float score = 0;
        Timestamp seen{};
    };
    /// Answered queries of ten minutes, by two bins of ten that overlap the window.
    struct Answers {
        Timestamp since{};
        std::uint32_t now = 0;
        std::uint32_t before = 0;
        std::uint32_t missing_now = 0;
        std::uint32_t missing_before = 0;
        void add(Timestamp time, bool missing);
        [[nodiscard]] double share_missing() const;
    };
    struct Source {
        std::vector<Missing> missing;  // in the order seen
        Answers answers;
    };

    void judge(const Event& event, const IpAddress& address, const Source& source,
               std::string_view domain, FindingSink& out);

    const TrigramModel& model_;
    std::vector<std::string> allowed_;
    KeyedHash hash_;
    LruTable<IpAddress, Source> sources_;
    FindingEpisodes episodes_;
};

}  // namespace kentongan::anomaly
