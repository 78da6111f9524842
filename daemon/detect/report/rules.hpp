#pragma once
// The rules about citizens' reports, as they appear in alerts; rules/report/ documents them. None
// is above low: a report alone never pages.
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/alert/rule.hpp"

namespace kentongan::report {

using RulePointer = std::shared_ptr<const Rule>;

/// The rule of a value of report.category; unknown ones are "other".
[[nodiscard]] const RulePointer& received_rule(std::string_view category);
[[nodiscard]] const RulePointer& cluster_rule();
[[nodiscard]] const RulePointer& area_rule();
/// All of them.
[[nodiscard]] std::vector<RulePointer> rules();

}  // namespace kentongan::report
