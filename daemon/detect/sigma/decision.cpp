// How Evaluation decides one predicate, when the search has not done so already.
#include <algorithm>

#include "daemon/detect/sigma/date_test.hpp"
#include "daemon/detect/sigma/evaluation.hpp"

namespace kentongan::sigma {

namespace {

bool matches_reference(const FieldOperand& reference, std::string_view value,
                       std::string_view other) {
    if (reference.open_front && reference.open_back) return value.find(other) != value.npos;
    if (reference.open_front) return value.ends_with(other);
    if (reference.open_back) return value.starts_with(other);
    return value == other;
}

}  // namespace

template <class Visit>
bool Evaluation::any_value(const std::vector<SlotId>& slots, Visit&& visit) const {
    for (const SlotId id : slots) {
        const Slot& slot = program_.slots[id];
        for (std::size_t i = 0; i < fields_.size(); ++i)
            if (groups_[i] == slot.group && reads(slot, i) && visit(i)) return true;
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
    if (predicate.event_time && !is_present(predicate, false))
        return holds_for(predicate.dates, event_->time);
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
                       return meets(operand, value, *number);
                   });
        }
        case Predicate::Kind::network: {
            const auto address = value.address();
            return address &&
                   std::ranges::any_of(predicate.networks, [&](const IpNetwork& network) {
                       return network.contains(*address);
                   });
        }
        case Predicate::Kind::date:
            return holds_for(predicate.dates, value);
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
        if (event_->type_at(i) != Value::Type::text) continue;
        const std::string_view folded = folded_text(i);
        if (decide_text(predicate, folded, original_text(i))) return true;
    }
    return false;
}

bool Evaluation::decide_reference(const Predicate& predicate, std::size_t index) {
    const FieldOperand& reference = predicate.reference;
    return any_value(predicate.other_slots, [&](std::size_t other) {
        if (event_->type_at(other) == Value::Type::null) return false;
        // Both made before either is looked at, for making one may move the other.
        static_cast<void>(folded_text(index));
        static_cast<void>(folded_text(other));
        return reference.cased
                   ? matches_reference(reference, original_text(index), original_text(other))
                   : matches_reference(reference, folded_text(index), folded_text(other));
    });
}

bool Evaluation::is_present(const Predicate& predicate, bool or_null) const {
    return any_value(predicate.slots, [&](std::size_t index) {
        return or_null || event_->type_at(index) != Value::Type::null;
    });
}

}  // namespace kentongan::sigma
