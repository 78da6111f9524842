#include "daemon/detect/report/rules.hpp"

#include <algorithm>
#include <array>

namespace kentongan::report {

namespace {

std::shared_ptr<Rule> rule(std::string id, std::string name, Severity severity,
                           std::string rule_class) {
    auto out = std::make_shared<Rule>();
    out->id = std::move(id);
    out->name = std::move(name);
    out->ruleset = Ruleset::report;
    out->version = "1";
    out->authors = {"Kentongan"};
    out->severity = severity;
    out->rule_class = std::move(rule_class);
    return out;
}

/// Statistics about reports stay with KPU and BRIN.
RulePointer statistic(std::string id, std::string name) {
    auto out = rule(std::move(id), std::move(name), Severity::low, "report_statistics");
    out->advisory = true;
    return out;
}

struct Received {
    std::string_view category;
    RulePointer rule;
};

const std::vector<Received>& received() {
    static const std::vector<Received> kReceived = [] {
        std::vector<Received> out;
        const auto add = [&](std::string_view category, std::string id, std::string name) {
            out.push_back(
                {category, rule("report:" + std::move(id), "Citizen's report: " + std::move(name),
                                Severity::info, "report")});
        };
        add("numbers", "numbers", "vote numbers differ from the form");
        add("form_missing", "form-missing", "form not posted or not in Sirekap");
        add("intimidation", "intimidation", "intimidation or threats");
        add("money", "money", "money offered for votes");
        add("system_down", "system-down", "Sirekap cannot be reached");
        add("other", "other", "something else");
        return out;
    }();
    return kReceived;
}

}  // namespace

const RulePointer& received_rule(std::string_view category) {
    const auto found = std::ranges::find(received(), category, &Received::category);
    return found == received().end() ? received().back().rule : found->rule;
}

const RulePointer& cluster_rule() {
    static const RulePointer kRule =
        statistic("report:cluster", "Many citizens' reports with nearly the same text");
    return kRule;
}
const RulePointer& area_rule() {
    static const RulePointer kRule =
        statistic("report:area", "More citizens' reports from an area than its size explains");
    return kRule;
}

std::vector<RulePointer> rules() {
    std::vector<RulePointer> out;
    for (const Received& one : received()) out.push_back(one.rule);
    out.push_back(cluster_rule());
    out.push_back(area_rule());
    return out;
}

}  // namespace kentongan::report
