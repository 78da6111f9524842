#include "daemon/alert/budgets.hpp"

namespace kentongan {

std::size_t BudgetOptions::of(std::string_view rule_id, std::optional<std::size_t> usual) const {
    const auto own = of_rule.find(rule_id);
    return own == of_rule.end() ? usual.value_or(alerts_an_hour) : own->second;
}

bool Budgets::spend(const std::string& rule_id, Timestamp time, std::size_t limit) {
    if (limit == 0) return false;
    Hour& hour = hours_.at(rule_id);
    const std::int64_t number =
        std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
    if (number > hour.number) hour = {.number = number, .alerts = 0};
    return ++hour.alerts > limit;
}

Timestamp hour_of(Timestamp time) {
    return Timestamp{std::chrono::floor<std::chrono::hours>(time.time_since_epoch())};
}

}  // namespace kentongan
