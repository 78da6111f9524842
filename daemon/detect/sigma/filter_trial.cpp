// A rule's condition is "own and filters", so both can be asked apart.
#include "daemon/detect/sigma/filter_trial.hpp"

#include <algorithm>

namespace kentongan::sigma {

FilterTrial::FilterTrial(std::shared_ptr<const Ruleset> rules,
                         const std::vector<std::string>& titles)
    : rules_(std::move(rules)), evaluation_(rules_->program()) {
    for (const CompiledRule& rule : rules_->program().rules) {
        const auto& parts = rule.condition.children;
        Touched touched{&rule, {}};
        for (std::size_t i = parts.size() - std::min<std::size_t>(rule.filters, parts.size());
             i < parts.size(); ++i)
            for (const std::string& title : titles)
                if (parts[i].label == filter_label(title)) touched.filters.push_back(&parts[i]);
        if (!touched.filters.empty()) rules_by_id_.emplace(rule.rule->id, std::move(touched));
    }
}

bool FilterTrial::is_correlation(const std::string& rule_id) const {
    return std::ranges::any_of(rules_->correlations()->correlations(),
                               [&](const auto& known) { return known.rule->id == rule_id; });
}

FilterTrial::Verdict FilterTrial::judge(const std::string& rule_id, const Event& event) {
    const Touched& touched = rules_by_id_.at(rule_id);
    if (conflicts(touched.rule->logsource, event.logsource)) return Verdict::no_match;
    evaluation_.begin(event, nullptr);
    if (!evaluation_.holds(touched.rule->condition.children.front())) return Verdict::no_match;
    const bool passes = std::ranges::all_of(
        touched.filters, [&](const Expression* filter) { return evaluation_.holds(*filter); });
    return passes ? Verdict::kept : Verdict::suppressed;
}

}  // namespace kentongan::sigma
