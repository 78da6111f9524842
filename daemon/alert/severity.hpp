#pragma once
// How severe a finding is where it was made and when: the rule's word, the asset it is about, and
// the phase of the election.
#include <string>
#include <vector>

#include "daemon/alert/assets.hpp"
#include "daemon/alert/budgets.hpp"
#include "daemon/alert/calendar.hpp"

namespace kentongan {

/// What the desk knows of the place and the time. Immutable once given to it.
struct DeskContext {
    Assets assets;
    Calendar calendar;
    BudgetOptions budgets;
};

/// Puts into `finding.severity` what the context makes of it, and says why where that is not the
/// detector's word. An asset that is critical lifts it one step, one that is high one step up to
/// high; a phase moves it one step either way; together they move it one step at most, and never
/// down to info. Findings of severity info and of rules without accusation stay as they are.
std::vector<std::string> judge(Finding& finding, const DeskContext& context);

[[nodiscard]] Severity one_step_up(Severity severity);

}  // namespace kentongan
