#include "daemon/detect/sigma/sigma_detector.hpp"

#include <utility>

#include "daemon/detect/sigma/explain.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan {

SigmaDetector::SigmaDetector(std::shared_ptr<const sigma::Ruleset> rules)
    : rules_(std::move(rules)), evaluation_(rules_->program()) {}

void SigmaDetector::inspect(const Event& event, FindingSink& out) {
    kept_.begin(event);
    Routed& routed = route(event);
    if (routed.unnamed) ++counts_[kWithoutLogSource].total;
    if (routed.rules.empty()) {
        ++counts_[kUnrouted].total;
        return;
    }
    if (!routed.plan) look_for_plan(routed);
    if (!routed.plan) ++counts_[kUnplanned].total;
    evaluation_.begin(event, routed.plan.get());
    const auto& candidates = routed.plan ? evaluation_.candidates() : routed.rules;
    counts_[kCandidates].total += candidates.size();
    for (const std::uint32_t index : candidates) judge(index, event, out);
}

std::span<const Detector::Count> SigmaDetector::counts() const {
    counts_[kGivenUp].total = evaluation_.gave_up();
    return counts_;
}

void SigmaDetector::judge(std::uint32_t index, const Event& event, FindingSink& out) {
    const sigma::CompiledRule& rule = rules_->program().rules[index];
    if (!evaluation_.holds(rule)) return;
    if (const auto* node = rules_->correlations()->node_of_rule(index)) {
        out.report_hit(sigma::hit_of(rules_->correlations(), index, event, kept_));
        if (!node->alerts) return;
    }
    out.report(finding_of(rule.rule, event, sigma::gist_of(rule, event, evaluation_)));
}

void SigmaDetector::look_for_plan(Routed& routed) {
    sigma::PlanStore& plans = rules_->plans();
    if (++routed.unplanned == kEventsWorthAPlan) plans.want(routed.events);
    const auto generation = plans.generation() + 1;  // 0: never asked
    if (std::exchange(routed.asked, generation) == generation) return;
    routed.plan = plans.ready_plan_for(routed.events);
    if (routed.plan) evaluation_.make_room_for(*routed.plan);
}

SigmaDetector::Routed& SigmaDetector::route(const Event& event) {
    for (Routed& routed : routed_)
        if (routed.events.is_of(event)) return routed;
    Routed fresh;
    fresh.events = sigma::EventClass::of(event);
    fresh.unnamed = fresh.events.main == sigma::LogSourceNames{};
    const auto& rules = rules_->program().rules;
    for (std::uint32_t i = 0; i < rules.size(); ++i)
        if (fresh.events.takes(rules[i].logsource)) fresh.rules.push_back(i);
    if (routed_.size() < kMaximumRouted) return routed_.emplace_back(std::move(fresh));
    return routed_[next_++ % kMaximumRouted] = std::move(fresh);
}

}  // namespace kentongan
