#pragma once
// The rules of the desk itself: what it tells of on its own account.
#include <memory>
#include <string>

#include "daemon/alert/calendar.hpp"
#include "daemon/alert/finding.hpp"

namespace kentongan {

/// Whether the rule is one of these.
[[nodiscard]] bool is_own(const Rule& rule);

/// A rule goes over its budget: one alert for each of its hours, routed as the rule's alerts are.
[[nodiscard]] Finding budget_notice(const Finding& beyond, Severity severity, std::size_t budget);

/// Something was changed while the calendar freezes changes. Of the class of what it repeats, so
/// that no others read it, and without blame: the change may have been ordered. `severity` is at
/// least medium in it.
[[nodiscard]] Finding freeze_notice(const Phase& phase, Timestamp time, std::string entity,
                                    std::string_view what, Severity severity,
                                    const std::string& rule_class);

/// The sensor was started with other settings than before while changes take two persons.
[[nodiscard]] Finding restart_notice(Timestamp time, std::string sensor);

/// The finding as part of a storm's alert: of the rule's storm, or of a network's, whose alerts of
/// one class are one storm, so that they go to those who get that class.
[[nodiscard]] Finding in_storm_of_rule(Finding finding);
[[nodiscard]] Finding in_storm_of_network(Finding finding, const std::string& network);

}  // namespace kentongan
