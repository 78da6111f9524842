#pragma once
// Budgets: how many alerts an hour each rule may have people told of.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "daemon/alert/bounded_table.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

/// `suppressed` of an alert that is beyond its rule's budget.
inline constexpr std::string_view kOverBudget = "budget";

struct BudgetOptions {
    std::size_t alerts_an_hour = 0;                           ///< 0: no limit
    std::map<std::string, std::size_t, std::less<>> of_rule;  ///< by rule id; 0: no limit
    std::size_t capacity = 65536;                             ///< rules counted at once

    /// `usual` instead of alerts_an_hour, where it is given.
    [[nodiscard]] std::size_t of(std::string_view rule_id,
                                 std::optional<std::size_t> usual = std::nullopt) const;
};

/// Counts new alerts by rule and hour of event time (UTC). Deterministic. One thread.
class Budgets {
  public:
    explicit Budgets(std::size_t capacity) : hours_(capacity) {}

    /// One more alert of the rule; whether it is beyond the limit (0: never). One of an hour that
    /// is over counts to the present one.
    [[nodiscard]] bool spend(const std::string& rule_id, Timestamp time, std::size_t limit);
    [[nodiscard]] std::uint64_t evicted() const { return hours_.evicted(); }

  private:
    struct Hour {
        std::int64_t number = 0;  // since 1970
        std::size_t alerts = 0;
    };
    BoundedTable<Hour> hours_;
};

/// The hour that begins at or before a time.
[[nodiscard]] Timestamp hour_of(Timestamp time);

}  // namespace kentongan
