#pragma once
// The rules about the numbers of TPS; rules/sirekap/ documents them.
#include <memory>
#include <vector>

#include "daemon/alert/rule.hpp"

namespace kentongan::sirekap::numbers {

using RulePointer = std::shared_ptr<const Rule>;

[[nodiscard]] const RulePointer& arithmetic_rule();
[[nodiscard]] const RulePointer& upper_bound_rule();
[[nodiscard]] const RulePointer& failure_share_rule();
[[nodiscard]] const RulePointer& correction_bias_rule();
[[nodiscard]] const RulePointer& identical_vectors_rule();
[[nodiscard]] const RulePointer& outlier_rule();
[[nodiscard]] const RulePointer& last_digit_rule();
/// All of them, in the order above.
[[nodiscard]] std::vector<RulePointer> rules();

}  // namespace kentongan::sirekap::numbers
