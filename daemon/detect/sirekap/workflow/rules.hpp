#pragma once
// The rules about the workflow of results, as they appear in alerts; rules/sirekap/ documents them.
// Whatever they say is an inconsistency in Sirekap data, never an accusation.
#include <memory>
#include <vector>

#include "daemon/alert/rule.hpp"

namespace kentongan::sirekap {

using RulePointer = std::shared_ptr<const Rule>;

[[nodiscard]] const RulePointer& uploader_rule();            ///< R04
[[nodiscard]] const RulePointer& early_upload_rule();        ///< R05
[[nodiscard]] const RulePointer& duplicate_image_rule();     ///< R06
[[nodiscard]] const RulePointer& similar_image_rule();       ///< R07
[[nodiscard]] const RulePointer& late_change_rule();         ///< R10
[[nodiscard]] const RulePointer& edit_past_workflow_rule();  ///< R11
[[nodiscard]] const RulePointer& step_skipped_rule();        ///< R11
[[nodiscard]] const RulePointer& bulk_edit_rule();           ///< R11
[[nodiscard]] const RulePointer& ordered_change_rule();      ///< R10, R11, R13 in a window
[[nodiscard]] const RulePointer& database_write_rule();      ///< R13
[[nodiscard]] const RulePointer& backdated_rule();           ///< R14
[[nodiscard]] const RulePointer& verification_pace_rule();   ///< R16
[[nodiscard]] const RulePointer& four_eyes_rule();           ///< I07
/// All of them, in the order above.
[[nodiscard]] std::vector<RulePointer> workflow_rules();

}  // namespace kentongan::sirekap
