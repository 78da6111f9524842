// The catalogue of scenarios.
#include "daemon/drill/scenario.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace kentongan::drill {

std::span<const Scenario> scenarios() {
    static const std::vector<Scenario> kAll = [] {
        std::vector<Scenario> out;
        for (const auto part :
             {account_scenarios, web_scenarios, host_scenarios, database_scenarios,
              result_scenarios, service_scenarios, citizen_scenarios})
            std::ranges::move(part(), std::back_inserter(out));
        std::ranges::sort(out, {},
                          [](const Scenario& one) { return std::pair(one.begins, one.name); });
        return out;
    }();
    return kAll;
}

const Scenario* scenario_called(std::string_view name) {
    const auto all = scenarios();
    const auto found = std::ranges::find(all, name, &Scenario::name);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace kentongan::drill
