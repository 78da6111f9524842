#pragma once
// Calendar: the phases of an election, and what is otherwise in each of them.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/rule.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

struct Phase {
    std::string name;
    std::string what;  ///< one line for people
    Timestamp begins{};
    Timestamp ends{};                  ///< the first instant that is no longer of it
    std::vector<std::string> tighten;  ///< rule classes or rule ids: one step more severe
    std::vector<std::string> loosen;   ///< one step less
    double budget_factor = 1;          ///< of the rules' budgets
    std::optional<std::size_t> alerts_an_hour{};  ///< the budget of rules without one of their own
    std::optional<std::size_t> storm_alerts{};    ///< as StormOptions::alerts
    bool change_freeze = false;   ///< a change of rules, settings or watched files is told
    bool two_person = false;      ///< grave acts of triage need a second person
    bool retention_hold = false;  ///< nothing is deleted for its age
};

/// Immutable; safe from any thread. Where phases overlap, the one that began last governs: a day
/// within a period.
class Calendar {
  public:
    Calendar() = default;
    explicit Calendar(std::vector<Phase> phases);

    /// The phase at an instant; null between phases.
    [[nodiscard]] const Phase* at(Timestamp time) const;
    [[nodiscard]] bool change_freeze(Timestamp time) const;
    /// Whether suppressing, closing a critical alert, disabling a rule or a destination needs a
    /// second person.
    [[nodiscard]] bool two_person(Timestamp time) const;
    /// The same at any instant from `from` to `until`: for what stays in force until then.
    [[nodiscard]] bool two_person(Timestamp from, Timestamp until) const;
    [[nodiscard]] bool retention_hold(Timestamp time) const;
    [[nodiscard]] const std::vector<Phase>& phases() const { return phases_; }

  private:
    std::vector<Phase> phases_;  // by begin
};

/// +1, 0 or -1: what the phase does to the severity of this rule. A rule's own id goes before its
/// class, tightening before loosening.
[[nodiscard]] int severity_shift(const Phase& phase, const Rule& rule);

}  // namespace kentongan
