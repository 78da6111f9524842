#pragma once
// Runs a Sigma rule set on one lane.
#include <array>
#include <memory>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sigma/evaluation.hpp"
#include "daemon/detect/sigma/ruleset.hpp"

namespace kentongan {

/// Stateless between events: one on every lane, all sharing one rule set. One finding for each rule
/// that an event matches, in the order the rules were loaded; a hit in its place, or besides, where
/// correlations count the rule. To reload, make a new one.
class SigmaDetector final : public Detector {
  public:
    explicit SigmaDetector(std::shared_ptr<const sigma::Ruleset> rules);

    [[nodiscard]] std::string_view name() const override { return "sigma"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind != EventKind::heartbeat; }
    using Detector::inspect;
    void inspect(const Event& event, FindingSink& out) override;

    /// Regular expressions that would have taken too long and counted as no match.
    [[nodiscard]] std::uint64_t gave_up() const { return evaluation_.gave_up(); }

  private:
    struct Routed {
        std::string category, product, service;
        std::shared_ptr<const sigma::Matcher> matcher;
    };
    const sigma::Matcher& matcher_for(const LogSource& logsource);

    static constexpr std::size_t kMaximumRouted = 64;

    std::shared_ptr<const sigma::Ruleset> rules_;
    sigma::Evaluation evaluation_;
    std::vector<Routed> routed_;
    std::size_t next_ = 0;  // the one to give up when routed_ is full
};

}  // namespace kentongan
