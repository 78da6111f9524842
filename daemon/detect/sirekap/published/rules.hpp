#pragma once
// The rules about published results; rules/sirekap/ documents them. Whatever they say is an
// inconsistency in Sirekap data, never an accusation.
#include <memory>
#include <vector>

#include "daemon/alert/rule.hpp"

namespace kentongan::sirekap::published {

using RulePointer = std::shared_ptr<const Rule>;

[[nodiscard]] const RulePointer& aggregate_mismatch_rule();
[[nodiscard]] const RulePointer& progress_fell_rule();
[[nodiscard]] const RulePointer& votes_fell_rule();
[[nodiscard]] const RulePointer& result_vanished_rule();
[[nodiscard]] const RulePointer& silent_edit_rule();
[[nodiscard]] const RulePointer& image_changed_rule();
[[nodiscard]] const RulePointer& schema_drift_rule();
[[nodiscard]] const RulePointer& tabulation_withdrawn_rule();
[[nodiscard]] const RulePointer& denominator_rule();
[[nodiscard]] const RulePointer& unreadable_rule();
/// All of them, in the order above.
[[nodiscard]] std::vector<RulePointer> rules();

}  // namespace kentongan::sirekap::published
