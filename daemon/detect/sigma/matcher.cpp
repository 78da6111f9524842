#include "daemon/detect/sigma/matcher.hpp"

#include <algorithm>
#include <map>

namespace kentongan::sigma {

namespace {

bool differ(std::string_view a, std::string_view b) { return !a.empty() && !b.empty() && a != b; }

void collect(const Expression& expression, std::vector<PredicateId>& out) {
    if (expression.kind == Expression::Kind::test) out.push_back(expression.predicate);
    for (const Expression& child : expression.children) collect(child, out);
}

Matcher::Target target_of(PredicateId id, const TextPattern& pattern, std::size_t length) {
    const bool sure = pattern.shape() != TextPattern::Shape::glob && !pattern.cased();
    return {id, pattern.shape(), sure, static_cast<std::uint32_t>(length)};
}

}  // namespace

bool conflicts(const LogSourceNames& rule, const LogSource& event) {
    return differ(rule.category, event.category) || differ(rule.product, event.product) ||
           differ(rule.service, event.service);
}

Matcher::Matcher(const Program& program, const LogSource& logsource)
    : by_group_(program.groups.size()) {
    std::vector<PredicateId> predicates;
    for (std::uint32_t i = 0; i < program.rules.size(); ++i) {
        if (conflicts(program.rules[i].logsource, logsource)) continue;
        rules_.push_back(i);
        collect(program.rules[i].condition, predicates);
    }
    std::ranges::sort(predicates);
    const auto repeated = std::ranges::unique(predicates);
    predicates.erase(repeated.begin(), repeated.end());
    add_targets(program, predicates);
}

void Matcher::add_targets(const Program& program, const std::vector<PredicateId>& predicates) {
    std::map<SlotId, std::vector<GramTable::Literal>> by_slot;
    std::vector<GramTable::Literal> keywords;
    for (const PredicateId id : predicates) {
        const Predicate& predicate = program.predicates[id];
        if (!predicate.indexed) continue;
        for (const TextPattern& pattern : predicate.patterns) {
            const GramTable::Literal literal{pattern.literal(),
                                             static_cast<std::uint32_t>(targets_.size())};
            targets_.push_back(target_of(id, pattern, literal.text.size()));
            if (predicate.keyword) keywords.push_back(literal);
            for (const SlotId slot : predicate.slots) by_slot[slot].push_back(literal);
        }
    }
    keywords_ = LiteralSet(keywords);
    for (const auto& [slot, literals] : by_slot)
        by_group_[program.slots[slot].group].push_back({slot, LiteralSet(literals)});
}

}  // namespace kentongan::sigma
