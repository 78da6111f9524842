#pragma once
// What rules are compiled to: distinct predicates over slots, and a branching program for each
// rule.
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/detect/sigma/syntax.hpp"
#include "daemon/event/field.hpp"

namespace kentongan::sigma {

using SlotId = std::uint16_t;
using GroupId = std::uint16_t;
using PredicateId = std::uint32_t;

/// A field as rules name it. An event's field of exactly this name is read; when the event has
/// none, any of the same group: the names that differ in case or blanks only.
struct Slot {
    Field field{};
    GroupId group = 0;
};

/// One question about an event, asked at most once. Any of its slots, values and tests suffices.
struct Predicate {
    enum class Kind : std::uint8_t { text, number, null, exists, network, regex, field, date };
    Kind kind = Kind::text;
    bool keyword = false;  ///< asks the raw record and every text value, not slots
    bool indexed = false;  ///< text of which every pattern has a literal: see LiteralSet
    bool expected = true;  ///< of exists
    std::vector<SlotId> slots;
    std::vector<TextPattern> patterns;
    std::vector<NumberOperand> numbers;
    std::vector<std::shared_ptr<const Regex>> regexes;
    std::vector<IpNetwork> networks;
    std::vector<SlotId> other_slots;  ///< of field
    FieldOperand reference;
    std::vector<DateOperand> dates;
    bool event_time = false;  ///< of date: the event's own time counts when no slot has one
};

/// A condition as a tree; `selection` marks where a named part begins, for explanations.
struct Expression {
    enum class Kind : std::uint8_t { all, any, negation, selection, test };
    Kind kind = Kind::test;
    PredicateId predicate = 0;
    std::string label;  ///< of selection and test
    std::vector<Expression> children;
};

/// Asks `predicate` and goes on at one of two steps.
struct Step {
    static constexpr std::uint32_t kTrue = 0xFFFF'FFFF;
    static constexpr std::uint32_t kFalse = 0xFFFF'FFFE;
    PredicateId predicate = 0;
    std::uint32_t on_true = kTrue;
    std::uint32_t on_false = kFalse;
};

struct CompiledRule {
    std::shared_ptr<const Rule> rule;
    std::string name;  ///< Sigma's, by which other documents refer to it; may be empty
    std::string file;
    LogSourceNames logsource;
    std::vector<std::string> references;
    std::vector<std::string> false_positives;
    Expression condition;
    std::uint32_t entry = 0;  ///< index of its first step
    /// The last so many children of the condition, which is of kind `all` then, are filters.
    std::uint32_t filters = 0;
};

struct Program {
    std::vector<CompiledRule> rules;
    std::vector<Predicate> predicates;
    std::vector<Step> steps;
    std::vector<Slot> slots;
    std::unordered_map<std::string, GroupId> groups;  ///< by group_name()
};

/// The label of a filter among the parts of a rule's condition.
[[nodiscard]] std::string filter_label(std::string_view title);

/// The name of a field without case and blanks.
[[nodiscard]] std::string group_name(std::string_view field_name);

}  // namespace kentongan::sigma
