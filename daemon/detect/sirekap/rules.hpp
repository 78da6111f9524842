#pragma once
// The rules of the Sirekap detectors, as they appear in alerts; rules/sirekap/ documents them.
// Whatever they say is an inconsistency in Sirekap data, never an accusation.
#include <memory>
#include <vector>

#include "daemon/alert/rule.hpp"

namespace kentongan::sirekap {

using RulePointer = std::shared_ptr<const Rule>;

[[nodiscard]] const RulePointer& unknown_tps_rule();
[[nodiscard]] const RulePointer& malformed_tps_rule();
[[nodiscard]] const RulePointer& image_address_rule();
[[nodiscard]] const RulePointer& image_uuid_rule();
[[nodiscard]] const RulePointer& coverage_rule();
[[nodiscard]] const RulePointer& coverage_at_risk_rule();
[[nodiscard]] const RulePointer& upload_stall_rule();
[[nodiscard]] const RulePointer& upload_surge_rule();
[[nodiscard]] const RulePointer& rate_shift_rule();
/// All of them, in the order above, then those of the folders below.
[[nodiscard]] std::vector<RulePointer> rules();

}  // namespace kentongan::sirekap
