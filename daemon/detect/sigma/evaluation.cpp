#include "daemon/detect/sigma/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "daemon/detect/sigma/fold.hpp"

namespace kentongan::sigma {

namespace {

constexpr GroupId kNotLookedUp = 0xFFFF;
constexpr GroupId kNoGroup = 0xFFFE;
constexpr std::uint32_t kLastEpoch = 0x3FFF'FFFF;

bool compare(NumberOperand::Relation relation, auto value, auto bound) {
    switch (relation) {
        case NumberOperand::Relation::equal:
            return value == bound;
        case NumberOperand::Relation::greater:
            return value > bound;
        case NumberOperand::Relation::greater_equal:
            return value >= bound;
        case NumberOperand::Relation::less:
            return value < bound;
        case NumberOperand::Relation::less_equal:
            return value <= bound;
    }
    return false;
}

/// Whole numbers are compared as such, for a double holds 53 bits only.
bool decide_number(const NumberOperand& operand, const Value& value, double number) {
    if (operand.exact && value.type() == Value::Type::integer)
        return compare(operand.relation, value.integer(), *operand.exact);
    return compare(operand.relation, number, operand.value);
}

bool stands_right(const Matcher::Target& target, std::size_t begin, std::size_t size) {
    using Shape = TextPattern::Shape;
    if (!target.sure) return true;
    const bool front = target.shape == Shape::exact || target.shape == Shape::prefix;
    const bool back = target.shape == Shape::exact || target.shape == Shape::suffix;
    return (!front || begin == 0) && (!back || begin + target.length == size);
}

bool matches_reference(const FieldOperand& reference, std::string_view value,
                       std::string_view other) {
    if (reference.open_front && reference.open_back) return value.find(other) != value.npos;
    if (reference.open_front) return value.ends_with(other);
    if (reference.open_back) return value.starts_with(other);
    return value == other;
}

}  // namespace

Evaluation::Evaluation(const Program& program)
    : program_(program), answers_(program.predicates.size()) {}

void Evaluation::begin(const Event& event, const Matcher* matcher) {
    event_ = &event;
    if (++epoch_ > kLastEpoch) {
        std::ranges::fill(answers_, 0);
        epoch_ = 1;
    }
    folded_.clear();
    rendered_.clear();
    raw_ = {};
    read_fields();
    searched_ = matcher != nullptr;
    if (searched_) search(*matcher);
}

void Evaluation::read_fields() {
    const std::size_t size = event_->size();
    fields_.resize(size);
    groups_.resize(size);
    texts_.assign(size, Text{});
    for (std::size_t i = 0; i < size; ++i) {
        fields_[i] = event_->field_at(i);
        groups_[i] = group_of(fields_[i]);
    }
}

GroupId Evaluation::group_of(Field field) {
    const auto index = static_cast<std::size_t>(field);
    if (index >= group_of_field_.size()) group_of_field_.resize(index + 1, kNotLookedUp);
    GroupId& group = group_of_field_[index];
    if (group == kNotLookedUp) {
        const auto found = program_.groups.find(group_name(name_of(field)));
        group = found == program_.groups.end() ? kNoGroup : found->second;
    }
    return group;
}

void Evaluation::search(const Matcher& matcher) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (groups_[i] == kNoGroup || event_->value_at(i).type() == Value::Type::null) continue;
        for (const auto& entry : matcher.of_group(groups_[i]))
            if (reads(program_.slots[entry.slot], i))
                search_value(matcher, entry.literals, folded_text(i));
    }
    if (matcher.keywords().empty()) return;
    search_value(matcher, matcher.keywords(), folded_raw());
    for (std::size_t i = 0; i < fields_.size(); ++i)
        if (event_->value_at(i).type() == Value::Type::text)
            search_value(matcher, matcher.keywords(), folded_text(i));
}

void Evaluation::search_value(const Matcher& matcher, const LiteralSet& literals,
                              std::string_view folded) {
    literals.scan(folded, [&](std::uint32_t id, std::size_t begin) {
        const Matcher::Target& target = matcher.target(id);
        if (!stands_right(target, begin, folded.size())) return;
        if (target.sure)
            record(target.predicate, Answer::yes);
        else if (answer(target.predicate) == Answer::unknown)
            record(target.predicate, Answer::maybe);
    });
}

Evaluation::Answer Evaluation::answer(PredicateId id) const {
    const std::uint32_t stored = answers_[id];
    return stored >> 2 == epoch_ ? static_cast<Answer>(stored & 3) : Answer::unknown;
}

void Evaluation::record(PredicateId id, Answer answer) {
    answers_[id] = epoch_ << 2 | static_cast<std::uint32_t>(answer);
}

bool Evaluation::holds(const CompiledRule& rule) {
    std::uint32_t at = rule.entry;
    while (at < Step::kFalse) {
        const Step& step = program_.steps[at];
        at = holds(step.predicate) ? step.on_true : step.on_false;
    }
    return at == Step::kTrue;
}

bool Evaluation::holds(PredicateId id) {
    const Answer known = answer(id);
    if (known == Answer::yes || known == Answer::no) return known == Answer::yes;
    const Predicate& predicate = program_.predicates[id];
    if (predicate.indexed && searched_ && known == Answer::unknown) return false;
    const bool decided = decide(predicate);
    record(id, decided ? Answer::yes : Answer::no);
    return decided;
}

bool Evaluation::holds(const Expression& expression) {
    const auto child_holds = [&](const Expression& child) { return holds(child); };
    switch (expression.kind) {
        case Expression::Kind::all:
            return std::ranges::all_of(expression.children, child_holds);
        case Expression::Kind::any:
            return std::ranges::any_of(expression.children, child_holds);
        case Expression::Kind::negation:
            return !holds(expression.children.front());
        case Expression::Kind::selection:
            return holds(expression.children.front());
        case Expression::Kind::test:
            return holds(expression.predicate);
    }
    return false;
}

std::optional<std::size_t> Evaluation::deciding_value(PredicateId id) {
    const Predicate& predicate = program_.predicates[id];
    const bool by_value = predicate.kind != Predicate::Kind::null &&
                          predicate.kind != Predicate::Kind::exists && !predicate.keyword;
    std::optional<std::size_t> out;
    if (by_value)
        static_cast<void>(any_value(predicate.slots, [&](std::size_t index) {
            if (decide_value(predicate, index)) out = index;
            return out.has_value();
        }));
    return out;
}

bool Evaluation::decide(const Predicate& predicate) {
    if (predicate.kind == Predicate::Kind::null) return !is_present(predicate, false);
    if (predicate.kind == Predicate::Kind::exists)
        return is_present(predicate, true) == predicate.expected;
    if (predicate.keyword) return decide_keyword(predicate);
    return any_value(predicate.slots,
                     [&](std::size_t index) { return decide_value(predicate, index); });
}

bool Evaluation::decide_value(const Predicate& predicate, std::size_t index) {
    const Value value = event_->value_at(index);
    if (value.type() == Value::Type::null) return false;
    switch (predicate.kind) {
        case Predicate::Kind::text:
        case Predicate::Kind::regex: {
            const std::string_view folded = folded_text(index);
            return decide_text(predicate, folded, original_text(index));
        }
        case Predicate::Kind::number: {
            const auto number = value.number();
            return number && std::ranges::any_of(predicate.numbers, [&](const auto& operand) {
                       return decide_number(operand, value, *number);
                   });
        }
        case Predicate::Kind::network: {
            const auto address = value.address();
            return address &&
                   std::ranges::any_of(predicate.networks, [&](const IpNetwork& network) {
                       return network.contains(*address);
                   });
        }
        default:
            return decide_reference(predicate, index);
    }
}

bool Evaluation::decide_text(const Predicate& predicate, std::string_view folded,
                             std::string_view original) {
    if (predicate.kind == Predicate::Kind::text)
        return std::ranges::any_of(predicate.patterns, [&](const TextPattern& pattern) {
            return pattern.matches(folded, original);
        });
    return std::ranges::any_of(
        predicate.regexes, [&](const auto& regex) { return regex->found_in(original, regex_); });
}

bool Evaluation::decide_keyword(const Predicate& predicate) {
    if (!event_->raw().empty() && decide_text(predicate, folded_raw(), event_->raw())) return true;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (event_->value_at(i).type() != Value::Type::text) continue;
        const std::string_view folded = folded_text(i);
        if (decide_text(predicate, folded, original_text(i))) return true;
    }
    return false;
}

bool Evaluation::decide_reference(const Predicate& predicate, std::size_t index) {
    const FieldOperand& reference = predicate.reference;
    return any_value(predicate.other_slots, [&](std::size_t other) {
        if (event_->value_at(other).type() == Value::Type::null) return false;
        prepare(index);
        prepare(other);
        return reference.cased
                   ? matches_reference(reference, original_text(index), original_text(other))
                   : matches_reference(reference, folded_text(index), folded_text(other));
    });
}

bool Evaluation::is_present(const Predicate& predicate, bool or_null) const {
    return any_value(predicate.slots, [&](std::size_t index) {
        return or_null || event_->value_at(index).type() != Value::Type::null;
    });
}

bool Evaluation::reads(const Slot& slot, std::size_t index) const {
    return fields_[index] == slot.field || std::ranges::find(fields_, slot.field) == fields_.end();
}

template <class Visit>
bool Evaluation::any_value(const std::vector<SlotId>& slots, Visit&& visit) const {
    for (const SlotId id : slots) {
        const Slot& slot = program_.slots[id];
        for (std::size_t i = 0; i < fields_.size(); ++i)
            if (groups_[i] == slot.group && reads(slot, i) && visit(i)) return true;
    }
    return false;
}

Evaluation::Text& Evaluation::prepare(std::size_t index) {
    Text& text = texts_[index];
    if (text.ready) return text;
    const Value value = event_->value_at(index);
    std::string_view original;
    if (value.type() == Value::Type::text) {
        original = value.text();
    } else {
        text.rendered = true;
        text.original = static_cast<std::uint32_t>(rendered_.size());
        if (value.type() == Value::Type::integer)
            fmt::format_to(std::back_inserter(rendered_), "{}", value.integer());
        else
            rendered_ += value.to_string();
        original = std::string_view(rendered_).substr(text.original);
    }
    text.begin = static_cast<std::uint32_t>(folded_.size());
    append_folded(original, folded_);
    text.length = static_cast<std::uint32_t>(folded_.size()) - text.begin;
    text.ready = true;
    return text;
}

std::string_view Evaluation::folded_text(std::size_t index) {
    const Text& text = prepare(index);
    return std::string_view(folded_).substr(text.begin, text.length);
}

std::string_view Evaluation::original_text(std::size_t index) {
    const Text& text = prepare(index);
    if (!text.rendered) return event_->value_at(index).text();
    return std::string_view(rendered_).substr(text.original, text.length);
}

std::string_view Evaluation::folded_raw() {
    if (!raw_.ready) {
        raw_.begin = static_cast<std::uint32_t>(folded_.size());
        append_folded(event_->raw(), folded_);
        raw_.length = static_cast<std::uint32_t>(folded_.size()) - raw_.begin;
        raw_.ready = true;
    }
    return std::string_view(folded_).substr(raw_.begin, raw_.length);
}

}  // namespace kentongan::sigma
