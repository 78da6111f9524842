#include "daemon/detect/sigma/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kShownBytes = 160;

std::string shown(const Event& event, std::size_t index) {
    return fmt::format("{} is '{}'", printable_utf8(name_of(event.field_at(index)), kShownBytes),
                       printable_utf8(event.value_at(index).to_string(), kShownBytes));
}

/// The first test that holds and made its branch hold; negations say nothing that can be shown.
const Expression* deciding_test(const Expression& expression, Evaluation& evaluation) {
    if (expression.kind == Expression::Kind::negation || !evaluation.holds(expression))
        return nullptr;
    if (expression.kind == Expression::Kind::test) return &expression;
    for (const Expression& child : expression.children)
        if (const auto* test = deciding_test(child, evaluation)) return test;
    return nullptr;
}

class Explainer {
  public:
    Explainer(const Program& program, const Event& event, Evaluation& evaluation,
              std::vector<std::string>& lines)
        : program_(program), event_(event), evaluation_(evaluation), lines_(lines) {}

    void tell(const Expression& expression, std::size_t depth) {
        switch (expression.kind) {
            case Expression::Kind::all:
                return tell_children("all of", expression, depth);
            case Expression::Kind::any:
                return tell_children("any of", expression, depth);
            case Expression::Kind::negation:
                return tell_children("not", expression, depth);
            case Expression::Kind::selection:
                return tell_children(printable_utf8(expression.label, kShownBytes), expression,
                                     depth);
            case Expression::Kind::test:
                return tell_test(expression, depth);
        }
    }

  private:
    void line(std::size_t depth, std::string_view what, bool holds, std::string_view why) {
        lines_.push_back(fmt::format("{:{}}{}: {}{}", "", depth * 4, what, holds, why));
    }

    void tell_children(std::string_view what, const Expression& expression, std::size_t depth) {
        line(depth, what, evaluation_.holds(expression), {});
        for (const Expression& child : expression.children) tell(child, depth + 1);
    }

    void tell_test(const Expression& test, std::size_t depth) {
        const bool holds = evaluation_.holds(test);
        line(depth, test.label, holds, reason(test.predicate, holds));
    }

    /// The value that decided, or the one that did not do.
    std::string reason(PredicateId id, bool holds) {
        const Predicate& predicate = program_.predicates[id];
        if (predicate.keyword) return holds ? "" : " (nowhere in the event)";
        if (const auto index = evaluation_.deciding_value(id))
            return fmt::format(" ({})", shown(event_, *index));
        for (const SlotId slot : predicate.slots)
            for (std::size_t i = 0; i < event_.size(); ++i)
                if (event_.field_at(i) == program_.slots[slot].field)
                    return fmt::format(" ({})", shown(event_, i));
        return fmt::format(" (the event has no {})", field_list(predicate));
    }

    std::string field_list(const Predicate& predicate) const {
        std::string out;
        for (const SlotId slot : predicate.slots)
            out += fmt::format("{}{}", out.empty() ? "" : ", ",
                               printable_utf8(name_of(program_.slots[slot].field), kShownBytes));
        return out;
    }

    const Program& program_;
    const Event& event_;
    Evaluation& evaluation_;
    std::vector<std::string>& lines_;
};

/// "Title (event_count gte 10 within 60s by source.ip)".
std::vector<std::string> feeds_of(const CorrelationSet& set, std::size_t rule) {
    std::vector<std::string> out;
    if (const CorrelationNode* node = set.node_of_rule(rule))
        for (const Feed& feed : node->feeds) {
            const Correlation& correlation = set.correlations()[feed.correlation];
            out.push_back(fmt::format("{} ({})", correlation.rule->name, describe(correlation)));
        }
    return out;
}

/// The filters that are false, when nothing else is.
std::vector<std::string> filters_against(const CompiledRule& rule, Evaluation& evaluation) {
    const auto& parts = rule.condition.children;
    std::vector<std::string> out;
    if (rule.filters == 0 || !evaluation.holds(parts.front())) return out;
    for (std::size_t i = parts.size() - rule.filters; i < parts.size(); ++i)
        if (!evaluation.holds(parts[i])) out.push_back(parts[i].label);
    return out;
}

bool something_holds(const Expression& expression, Evaluation& evaluation) {
    if (expression.kind == Expression::Kind::negation) return false;
    if (expression.kind == Expression::Kind::test) return evaluation.holds(expression);
    return std::ranges::any_of(expression.children, [&](const Expression& child) {
        return something_holds(child, evaluation);
    });
}

}  // namespace

std::vector<Explanation> explain(const Ruleset& ruleset, const Event& event) {
    std::vector<Explanation> out;
    Evaluation evaluation(ruleset.program());
    evaluation.begin(event, nullptr);
    const auto& rules = ruleset.program().rules;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const CompiledRule& rule = rules[i];
        Explanation& one = out.emplace_back();
        one.rule = rule.rule;
        one.feeds = feeds_of(*ruleset.correlations(), i);
        one.kept_by = filters_against(rule, evaluation);
        if (const auto* node = ruleset.correlations()->node_of_rule(i)) one.alerts = node->alerts;
        one.logsource_conflict = conflicts(rule.logsource, event.logsource);
        const bool holds = evaluation.holds(rule.condition);
        one.matched = holds && !one.logsource_conflict;
        one.near_miss =
            one.logsource_conflict ? holds : !holds && something_holds(rule.condition, evaluation);
        Explainer(ruleset.program(), event, evaluation, one.lines).tell(rule.condition, 0);
        if (one.matched)
            for (const std::string& benign : rule.false_positives)
                one.lines.push_back("may be benign: " + benign);
    }
    return out;
}

std::string gist_of(const CompiledRule& rule, const Event& event, Evaluation& evaluation) {
    const Expression* test = deciding_test(rule.condition, evaluation);
    if (test == nullptr) return rule.rule->name;
    if (const auto index = evaluation.deciding_value(test->predicate))
        return fmt::format("{}: {}", rule.rule->name, shown(event, *index));
    if (event.raw().empty()) return fmt::format("{}: {}", rule.rule->name, test->label);
    return fmt::format("{}: '{}'", rule.rule->name, printable_utf8(event.raw(), kShownBytes));
}

}  // namespace kentongan::sigma
