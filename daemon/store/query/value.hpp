#pragma once
// From what stands after an operator to a typed Condition.
#include "daemon/store/query/lexer.hpp"
#include "daemon/store/query/parse.hpp"

namespace kentongan::query {

/// What the operator asks: equality (: and =) or an order.
enum class Compare { equals, below, at_most, above, at_least };

/// `value` is a word or quoted. A refusal points at it.
[[nodiscard]] std::expected<Condition, Refusal> condition_of(const Field& field, Compare compare,
                                                             const Token& value, Timestamp now);
/// A word without a field.
[[nodiscard]] std::expected<Condition, Refusal> words_condition(const Field* field,
                                                                const Token& value);

}  // namespace kentongan::query
