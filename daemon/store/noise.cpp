#include "daemon/store/noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::uint64_t kEnoughClosed = 5;  // before a share means anything
constexpr double kMostlyIdle = 0.8;
constexpr double kLoud = 60;  // alerts an hour that nobody can look at one by one

}  // namespace

Suggestion suggestion(const RuleNoise& rule, double hours) {
    const bool judged = rule.closed >= kEnoughClosed;
    if (judged && static_cast<double>(rule.idle) >= kMostlyIdle * static_cast<double>(rule.closed))
        return {"mostly_idle",
                fmt::format("{} of {} closed were false or benign: narrow it with a filter "
                            "(kentongan rules filter), or suppress the known source until a date",
                            rule.idle, rule.closed)};
    if (rule.over_budget > 0)
        return {"over_budget",
                fmt::format("{} went untold over its budget: look at one, then filter "
                            "the rule or give it a budget of its own in [budget]",
                            rule.over_budget)};
    if (static_cast<double>(rule.alerts) > kLoud * std::max(hours, 1.0))
        return {"loud", "more than people can read: filter it, or give it a budget in [budget]"};
    return {};
}

json::object noise_report(const std::vector<RuleNoise>& rules, Timestamp since, Timestamp until) {
    const double hours = std::max(to_seconds(until - since) / 3600, 1.0 / 60);
    json::array rows;
    for (const RuleNoise& rule : rules) {
        json::value share = nullptr;
        if (rule.closed > 0)
            share = static_cast<double>(rule.idle) / static_cast<double>(rule.closed);
        const Suggestion advice = suggestion(rule, hours);
        rows.push_back(json::object{{"rule", rule.rule_id},
                                    {"name", rule.name},
                                    {"alerts", rule.alerts},
                                    {"alerts_an_hour", static_cast<double>(rule.alerts) / hours},
                                    {"closed", rule.closed},
                                    {"false_or_benign", rule.idle},
                                    {"share", share},
                                    {"budget", rule.over_budget > 0 ? "over" : "within"},
                                    {"over_budget", rule.over_budget},
                                    {"suppressed", rule.suppressed},
                                    {"suggestion", advice.text},
                                    {"suggestion_code", advice.code}});
    }
    return {{"since", to_rfc3339(since)},
            {"until", to_rfc3339(until)},
            {"hours", hours},
            {"rules", std::move(rows)}};
}

}  // namespace kentongan
