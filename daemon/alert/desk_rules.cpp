#include "daemon/alert/desk_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/alert/budgets.hpp"

namespace kentongan {

namespace {

std::shared_ptr<Rule> own_rule(std::string id, std::string name, const Rule& like) {
    auto out = std::make_shared<Rule>();
    out->id = std::move(id);
    out->name = std::move(name);
    out->ruleset = like.ruleset;
    out->authors = {"Kentongan"};
    out->rule_class = like.rule_class;
    out->advisory = like.advisory;
    return out;
}

}  // namespace

bool is_own(const Rule& rule) { return rule.id.starts_with("desk:"); }

Finding budget_notice(const Finding& beyond, Severity severity, std::size_t budget) {
    const Rule& rule = *beyond.rule;
    const Timestamp hour = hour_of(beyond.time);
    Finding out;
    out.rule = own_rule("desk:budget", "A rule is over its budget of alerts", rule);
    out.time = beyond.time;
    out.entity = fmt::format("{} in the hour from {}", rule.id, to_rfc3339(hour, 0));
    out.message = fmt::format(
        "Rule {} ({}) has raised more than its budget of {} alerts in the hour from {}; those "
        "beyond it are stored and not told, and counted here",
        rule.name, rule.id, budget, to_rfc3339(hour, 0));
    out.severity = severity;
    out.lasts = std::max<Duration>(hour + std::chrono::hours{1} - beyond.time, Duration{0});
    return out;
}

Finding freeze_notice(const Phase& phase, Timestamp time, std::string entity, std::string_view what,
                      Severity severity, const std::string& rule_class) {
    Rule like;
    like.ruleset = Ruleset::integrity;
    like.rule_class = rule_class;
    Finding out;
    out.rule = own_rule("desk:change-freeze", "A change during the change freeze", like);
    out.time = time;
    out.entity = std::move(entity);
    out.message = fmt::format(
        "Changed during the change freeze of phase {}, ordered or not: {}. Compare it with what "
        "was approved.",
        phase.name, what);
    out.severity = std::max(severity, Severity::medium);
    return out;
}

Finding restart_notice(Timestamp time, std::string sensor) {
    Rule like;
    like.ruleset = Ruleset::integrity;
    like.rule_class = "sensor";
    Finding out;
    out.rule = own_rule("desk:changed-start",
                        "Settings changed over a restart in the election window", like);
    out.time = time;
    out.entity = std::move(sensor);
    out.message =
        "This sensor was started with other settings, rules, tokens or accounts than it had, while "
        "such a change takes two persons. It watches with the new ones; two persons have to "
        "confirm them, or it is to be started with the former ones.";
    out.severity = Severity::critical;
    return out;
}

Finding in_storm_of_rule(Finding finding) {
    finding.entity = "storm of " + finding.rule->id;
    finding.message = fmt::format(
        "Storm: rule {} raises so many alerts that they are counted here until it is calm. "
        "Newest: {}",
        finding.rule->name, finding.message);
    return finding;
}

Finding in_storm_of_network(Finding finding, const std::string& network) {
    finding.entity = fmt::format("storm from {} of class {}{}", network, finding.rule->rule_class,
                                 finding.rule->advisory ? ", without accusation" : "");
    finding.message = fmt::format(
        "Storm: {} causes so many alerts that they are counted here until it is calm. Newest: {}",
        network, finding.message);
    auto rule = own_rule("desk:storm", "A storm of alerts about one network", *finding.rule);
    rule->techniques = finding.rule->techniques;
    finding.rule = std::move(rule);
    return finding;
}

}  // namespace kentongan
