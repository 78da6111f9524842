#pragma once
// Runs a Sigma rule set on one lane.
#include <array>
#include <memory>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/hit.hpp"
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
    [[nodiscard]] bool wants(EventKind kind) const override {
        return kind != EventKind::heartbeat && kind != EventKind::payload &&
               kind != EventKind::content;
    }
    using Detector::inspect;
    void inspect(const Event& event, FindingSink& out) override;

    [[nodiscard]] std::span<const Count> counts() const override;

  private:
    /// What is known of a class of events. Until its plan is compiled its rules are asked plainly.
    struct Routed {
        sigma::EventClass events;
        bool unnamed = false;  // no logsource: every rule applies
        std::vector<std::uint32_t> rules;
        std::shared_ptr<const sigma::Matcher> plan;
        std::uint64_t asked = 0;      // the generation of plans in which there was none
        std::uint64_t unplanned = 0;  // events
    };
    Routed& route(const Event& event);
    void look_for_plan(Routed& routed);
    void judge(std::uint32_t index, const Event& event, FindingSink& out);

    static constexpr std::size_t kMaximumRouted = 64;
    /// So many events of a class are judged plainly before its plan is wanted.
    static constexpr std::uint64_t kEventsWorthAPlan = 100;
    enum Counted : std::size_t { kUnrouted, kWithoutLogSource, kUnplanned, kCandidates, kGivenUp };

    std::shared_ptr<const sigma::Ruleset> rules_;
    sigma::Evaluation evaluation_;
    KeptEvent kept_;
    mutable std::array<Count, 5> counts_{
        {{"unrouted"}, {"without_logsource"}, {"unplanned"}, {"candidates"}, {"regex_given_up"}}};
    std::vector<Routed> routed_;
    std::size_t next_ = 0;  // the one to give up when routed_ is full
};

}  // namespace kentongan
