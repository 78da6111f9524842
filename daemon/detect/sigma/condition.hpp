#pragma once
// Parses Sigma's conditions: "selection and not 1 of filter_*".
#include <optional>
#include <string>
#include <vector>

#include "daemon/detect/sigma/program.hpp"
#include "daemon/detect/sigma/refusal.hpp"

namespace kentongan::sigma {

constexpr std::size_t kMaximumConditionBytes = 16'384;
constexpr int kMaximumConditionDepth = 50;
constexpr std::size_t kMaximumExpressions = 200'000;  ///< tests in one rule, selections repeated

/// `selections` are the compiled parts, each of kind selection with its name as label. Precedence,
/// weakest first: or, and, not, `x of`, parentheses. A quantifier that matches no selection
/// disappears; nothing is returned when all disappears or the condition is refused.
[[nodiscard]] std::optional<Expression> parse_condition(const Condition& condition,
                                                        const std::vector<Expression>& selections,
                                                        Refusal& refusal);

/// Whether `name` matches `pattern`, in which `*` stands for any run.
[[nodiscard]] bool matches_name(std::string_view pattern, std::string_view name);

}  // namespace kentongan::sigma
