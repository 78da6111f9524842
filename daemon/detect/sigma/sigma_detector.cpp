#include "daemon/detect/sigma/sigma_detector.hpp"

#include "daemon/detect/sigma/explain.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan {

SigmaDetector::SigmaDetector(std::shared_ptr<const sigma::Ruleset> rules)
    : rules_(std::move(rules)), evaluation_(rules_->program()) {}

void SigmaDetector::inspect(const Event& event, FindingSink& out) {
    const sigma::Matcher& matcher = matcher_for(event.logsource);
    if (matcher.rules().empty()) return;
    evaluation_.begin(event, &matcher);
    for (const std::uint32_t index : matcher.rules()) {
        const sigma::CompiledRule& rule = rules_->program().rules[index];
        if (!evaluation_.holds(rule)) continue;
        if (const auto* node = rules_->correlations()->node_of_rule(index)) {
            out.report_hit(sigma::hit_of(rules_->correlations(), index, event));
            if (!node->alerts) continue;
        }
        out.report(finding_of(rule.rule, event, sigma::gist_of(rule, event, evaluation_)));
    }
}

const sigma::Matcher& SigmaDetector::matcher_for(const LogSource& logsource) {
    for (const Routed& routed : routed_)
        if (routed.category == logsource.category && routed.product == logsource.product &&
            routed.service == logsource.service)
            return *routed.matcher;
    Routed fresh{std::string(logsource.category), std::string(logsource.product),
                 std::string(logsource.service), rules_->matcher_for(logsource)};
    if (routed_.size() < kMaximumRouted) return *routed_.emplace_back(std::move(fresh)).matcher;
    Routed& replaced = routed_[next_++ % kMaximumRouted];
    replaced = std::move(fresh);
    return *replaced.matcher;
}

}  // namespace kentongan
