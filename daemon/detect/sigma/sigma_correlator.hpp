#pragma once
// Counts the lanes' hits: every Sigma correlation of the rules in force.
#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sigma/correlation_state.hpp"
#include "daemon/detect/sigma/evidence_ring.hpp"

namespace kentongan {

struct SigmaCorrelatorOptions {
    sigma::Windows::Limits limits;                ///< of each correlation
    std::size_t evidence_hits = 8192;             ///< kept for all of them together
    Duration lateness = std::chrono::minutes{5};  ///< of a hit behind the newest of its source
    std::uint64_t seed = 0;  ///< of the group hashes; secret in production, fixed in tests
};

/// Lives on the correlate strand. Hits come ordered by (event time, source, position), as far as
/// their sources are: a hit may be as late as `lateness` behind the newest of its own source, later
/// ones are counted and left out. A source that is behind the others is counted by its own times. A
/// hit carries the set its rule was of. When a newer set comes, the state of correlations whose
/// text and rules are the same is kept; hits of the set before that are still under way count where
/// their correlation still exists.
class SigmaCorrelator final : public Detector {
  public:
    explicit SigmaCorrelator(SigmaCorrelatorOptions options = {});

    [[nodiscard]] std::string_view name() const override { return "sigma.correlation"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    using Detector::inspect;
    void inspect(const Event&, FindingSink&) override {}
    void inspect_hit(const std::shared_ptr<const Hit>& hit, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::span<const Count> counts() const override;

    /// Bytes of all groups, for tests.
    [[nodiscard]] std::size_t memory() const;

  private:
    using States = std::vector<std::shared_ptr<sigma::CorrelationState>>;  // null: not any more

    struct Source {
        Timestamp newest{};
        int late = 0;  // hits in a row
    };

    [[nodiscard]] bool is_late(const Hit& hit);
    const States& states_of(const std::shared_ptr<const sigma::CorrelationSet>& set);
    void adopt(const std::shared_ptr<const sigma::CorrelationSet>& set);
    void feed(const std::shared_ptr<const Hit>& hit, const States& states, std::size_t depth,
              FindingSink& out);
    void take_reports(const States& states, sigma::CorrelationState& state, std::size_t depth,
                      FindingSink& out);

    SigmaCorrelatorOptions options_;
    std::unordered_map<std::string, std::shared_ptr<sigma::CorrelationState>> by_content_;
    std::shared_ptr<const sigma::CorrelationSet> current_;
    States current_states_;
    std::shared_ptr<const sigma::CorrelationSet> other_;  // one that is still under way
    States other_states_;
    sigma::EvidenceRing evidence_;
    Timestamp now_{};
    std::unordered_map<std::string_view, Source> sources_;
    std::uint64_t late_ = 0;
    std::uint64_t superseded_ = 0;
    std::uint64_t retired_evictions_ = 0;  // of states that are no more
    sigma::CorrelationState::Counts retired_;
    mutable std::array<Count, 4> counts_{
        {{"late"}, {"without_group"}, {"without_value"}, {"superseded"}}};
};

}  // namespace kentongan
