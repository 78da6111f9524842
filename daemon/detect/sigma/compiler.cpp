#include "daemon/detect/sigma/compiler.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "daemon/base/text.hpp"
#include "daemon/detect/sigma/condition.hpp"
#include "daemon/detect/sigma/field_map.hpp"
#include "daemon/detect/sigma/fold.hpp"

namespace kentongan::sigma {

namespace {

constexpr std::size_t kMaximumSlots = 20'000;

std::string key_of(const NumberOperand& number) {
    return number.exact ? fmt::format("{}:{}", static_cast<int>(number.relation), *number.exact)
                        : fmt::format("{}:{}f", static_cast<int>(number.relation), number.value);
}

void append(std::string& key, const std::string& part) {
    key += fmt::format("{}:{}", part.size(), part);
}

bool is_indexed(const Predicate& predicate) {
    return predicate.kind == Predicate::Kind::text &&
           std::ranges::none_of(predicate.patterns, [](const TextPattern& pattern) {
               return pattern.literal().empty();
           });
}

Expression join(Expression::Kind kind, std::vector<Expression> children) {
    if (children.size() == 1) return std::move(children.front());
    return {kind, 0, {}, std::move(children)};
}

/// Alternatives of one kind, gathered into one predicate.
struct Gathered {
    Predicate predicate;
    std::string key;
};

Predicate::Kind kind_of(const Operand& operand) {
    constexpr Predicate::Kind kKinds[] = {Predicate::Kind::text,  Predicate::Kind::number,
                                          Predicate::Kind::null,  Predicate::Kind::exists,
                                          Predicate::Kind::regex, Predicate::Kind::network,
                                          Predicate::Kind::field, Predicate::Kind::date};
    return kKinds[operand.index()];
}

}  // namespace

/// Compiles the selections of one rule.
class Compiler::Scope {
  public:
    Scope(Compiler& compiler, const LogSourceNames& logsource, Refusal& refusal)
        : compiler_(compiler), logsource_(logsource), refusal_(refusal) {}

    Expression compile(const Selection& selection) {
        std::vector<Expression> alternatives;
        for (const auto& items : selection.alternatives) {
            std::vector<Expression> all;
            for (const Item& item : items) all.push_back(compile(item));
            alternatives.push_back(join(Expression::Kind::all, std::move(all)));
        }
        Expression out{Expression::Kind::selection, 0, selection.name, {}};
        out.children.push_back(join(Expression::Kind::any, std::move(alternatives)));
        return out;
    }

  private:
    Expression compile(const Item& item) {
        std::vector<Expression> parts;
        if (item.every) {
            for (const auto& group : item.groups) parts.push_back(any_of(item, {&group}));
        } else {
            std::vector<const std::vector<Operand>*> groups;
            for (const auto& group : item.groups) groups.push_back(&group);
            parts.push_back(any_of(item, groups));
        }
        Expression out = join(Expression::Kind::all, std::move(parts));
        if (!item.negated) return out;
        Expression negation{Expression::Kind::negation, 0, {}, {}};
        negation.children.push_back(std::move(out));
        return negation;
    }

    /// One test for each kind of value among the groups; a field reference is one of its own.
    Expression any_of(const Item& item, const std::vector<const std::vector<Operand>*>& groups) {
        std::vector<Gathered> gathered;
        for (const auto* group : groups)
            for (const Operand& operand : *group) gather(item, operand, gathered);
        std::vector<Expression> tests;
        for (Gathered& one : gathered) {
            const auto id = compiler_.intern(std::move(one.predicate), std::move(one.key));
            tests.push_back({Expression::Kind::test, id, item.text, {}});
        }
        return join(Expression::Kind::any, std::move(tests));
    }

    void gather(const Item& item, const Operand& operand, std::vector<Gathered>& out) {
        const auto kind = kind_of(operand);
        auto found = std::ranges::find_if(
            out, [&](const Gathered& one) { return one.predicate.kind == kind; });
        if (found == out.end() || kind == Predicate::Kind::field || kind == Predicate::Kind::exists)
            found = out.insert(out.end(), begin(item, kind));
        std::visit([&](const auto& value) { take(value, *found); }, operand);
    }

    Gathered begin(const Item& item, Predicate::Kind kind) {
        Gathered out;
        out.predicate.kind = kind;
        out.predicate.keyword = item.field.empty();
        const bool presence = kind == Predicate::Kind::null || kind == Predicate::Kind::exists;
        out.key = fmt::format("{}{}", static_cast<int>(kind), item.field.empty() ? 'k' : 's');
        if (!item.field.empty()) out.predicate.slots = slots_of(item.field, presence);
        for (const SlotId slot : out.predicate.slots) out.key += fmt::format(",{}", slot);
        out.predicate.event_time = kind == Predicate::Kind::date &&
                                   (item.field == "@timestamp" || item.field == "timestamp");
        out.key += ';';
        return out;
    }

    std::vector<SlotId> slots_of(const std::string& field, bool presence) {
        const FieldNames names = field_names(field, logsource_);
        std::vector<SlotId> out;
        for (std::size_t i = 0; i < (presence ? names.presence : names.names.size()); ++i)
            out.push_back(compiler_.slot_of(names.names[i], refusal_));
        return out;
    }

    void take(const TextOperand& value, Gathered& out) {
        out.predicate.patterns.emplace_back(value.glob, value.cased);
        append(out.key, out.predicate.patterns.back().key());
    }
    void take(const NumberOperand& value, Gathered& out) {
        out.predicate.numbers.push_back(value);
        append(out.key, key_of(value));
    }
    void take(const NullOperand&, Gathered&) {}
    void take(const ExistsOperand& value, Gathered& out) {
        out.predicate.expected = value.expected;
        out.key += value.expected ? 't' : 'f';
    }
    void take(const RegexOperand& value, Gathered& out) {
        out.predicate.regexes.push_back(value.regex);
        append(out.key, value.key);
    }
    void take(const NetworkOperand& value, Gathered& out) {
        out.predicate.networks.push_back(value.network);
        append(out.key, value.network.to_string());
    }
    void take(const FieldOperand& value, Gathered& out) {
        out.predicate.reference = value;
        out.predicate.other_slots = slots_of(value.field, false);
        append(out.key, fmt::format("{}{}{}{}", value.open_front, value.open_back, value.cased,
                                    value.field));
        for (const SlotId slot : out.predicate.other_slots) out.key += fmt::format(",{}", slot);
    }

    void take(const DateOperand& value, Gathered& out) {
        out.predicate.dates.push_back(value);
        append(out.key, fmt::format("{}:{}:{}", static_cast<int>(value.part),
                                    static_cast<int>(value.relation), value.value));
    }

    Compiler& compiler_;
    const LogSourceNames& logsource_;
    Refusal& refusal_;
};

/// The conditions of a rule or a filter, any of them, over fields as `logsource` names them.
Expression Compiler::condition_of(const RuleSyntax& syntax, const LogSourceNames& logsource,
                                  Refusal& refusal) {
    Scope scope(*this, logsource, refusal);
    std::vector<Expression> selections;
    for (const Selection& selection : syntax.selections)
        selections.push_back(scope.compile(selection));
    std::vector<Expression> conditions;
    for (const Condition& condition : syntax.conditions)
        if (auto parsed = parse_condition(condition, selections, refusal))
            conditions.push_back(std::move(*parsed));
    return join(Expression::Kind::any, std::move(conditions));
}

void Compiler::check(const RuleSyntax& syntax, Refusal& refusal) {
    static_cast<void>(condition_of(syntax, syntax.logsource, refusal));
}

void Compiler::add(RuleSyntax syntax, std::string file, Refusal& refusal,
                   const std::vector<const RuleSyntax*>& filters) {
    Expression condition = condition_of(syntax, syntax.logsource, refusal);
    if (!filters.empty()) {
        condition = {Expression::Kind::all, 0, {}, {std::move(condition)}};
        for (const RuleSyntax* filter : filters)
            condition.children.push_back({Expression::Kind::selection,
                                          0,
                                          filter_label(filter->rule.name),
                                          {condition_of(*filter, syntax.logsource, refusal)}});
    }
    if (refusal.any()) return;
    CompiledRule rule;
    rule.name = std::move(syntax.name);
    rule.rule = std::make_shared<const Rule>(std::move(syntax.rule));
    rule.file = std::move(file);
    rule.logsource = std::move(syntax.logsource);
    rule.references = std::move(syntax.references);
    rule.false_positives = std::move(syntax.false_positives);
    rule.condition = std::move(condition);
    rule.filters = static_cast<std::uint32_t>(filters.size());
    rule.entry = emit(rule.condition, Step::kTrue, Step::kFalse);
    program_.rules.push_back(std::move(rule));
}

SlotId Compiler::slot_of(const std::string& name, Refusal& refusal) {
    if (const auto found = slots_.find(name); found != slots_.end()) return found->second;
    const auto field = intern_field(name);
    if (!field || program_.slots.size() == kMaximumSlots) {
        refusal.failed(0, "field '{}': too many different field names", printable_utf8(name, 80));
        return 0;
    }
    const auto next = static_cast<GroupId>(program_.groups.size());
    const auto group = program_.groups.try_emplace(group_name(name), next).first->second;
    const auto id = static_cast<SlotId>(program_.slots.size());
    program_.slots.push_back({*field, group});
    slots_.emplace(name, id);
    return id;
}

PredicateId Compiler::intern(Predicate predicate, std::string key) {
    const auto next = static_cast<PredicateId>(program_.predicates.size());
    const auto [entry, added] = predicates_.try_emplace(std::move(key), next);
    if (!added) return entry->second;
    predicate.indexed = is_indexed(predicate);
    program_.predicates.push_back(std::move(predicate));
    return next;
}

/// Steps are written from the end, so that where to go on is known. Cheap tests come first: their
/// order changes nothing but the time.
std::uint32_t Compiler::emit(const Expression& expression, std::uint32_t on_true,
                             std::uint32_t on_false) {
    using Kind = Expression::Kind;
    if (expression.kind == Kind::test) {
        program_.steps.push_back({expression.predicate, on_true, on_false});
        return static_cast<std::uint32_t>(program_.steps.size() - 1);
    }
    if (expression.kind == Kind::negation)
        return emit(expression.children.front(), on_false, on_true);
    std::vector<std::pair<int, std::size_t>> order;  // by cost, then as written
    for (const Expression& child : expression.children)
        order.emplace_back(cost_of(child), order.size());
    std::ranges::sort(order, std::greater{});
    std::uint32_t entry = expression.kind == Kind::any ? on_false : on_true;
    for (const auto& [cost, index] : order) {
        const Expression& child = expression.children[index];
        entry = expression.kind == Kind::any ? emit(child, on_true, entry)
                                             : emit(child, entry, on_false);
    }
    return entry;
}

int Compiler::cost_of(const Expression& expression) const {
    if (expression.kind != Expression::Kind::test) {
        int most = 0;
        for (const Expression& child : expression.children) most = std::max(most, cost_of(child));
        return most;
    }
    const Predicate& predicate = program_.predicates[expression.predicate];
    if (predicate.indexed) return 0;
    return predicate.kind == Predicate::Kind::regex ? 2 : 1;
}

std::string filter_label(std::string_view title) { return fmt::format("filter '{}'", title); }

std::string group_name(std::string_view field_name) {
    std::string out = folded(field_name);
    std::erase(out, ' ');
    return out;
}

}  // namespace kentongan::sigma
