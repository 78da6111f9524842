// Names, severities and ATT&CK ids of the anomaly rules.
#include "daemon/detect/anomaly/rules.hpp"

namespace kentongan::anomaly {

namespace {
using Strings = std::vector<std::string>;

RulePointer rule(std::string id, std::string name, Severity severity, std::string rule_class,
                 Strings techniques, Strings categories) {
    auto out = std::make_shared<Rule>();
    out->id = std::move(id);
    out->name = std::move(name);
    out->ruleset = Ruleset::anomaly;
    out->version = "1";
    out->authors = {"Kentongan"};
    out->severity = severity;
    out->rule_class = std::move(rule_class);
    out->techniques = std::move(techniques);
    out->categories = std::move(categories);
    return out;
}
}  // namespace

const RulePointer& port_scan_rule() {
    static const RulePointer kRule = rule("anomaly:port-scan", "Port or host scan", Severity::low,
                                          "attack", {"T1046", "T1595.001"}, {"network"});
    return kRule;
}
const RulePointer& syn_flood_rule() {
    static const RulePointer kRule = rule("anomaly:syn-flood", "SYN flood", Severity::high, "ddos",
                                          {"T1499.001", "T1498.001"}, {"network"});
    return kRule;
}
const RulePointer& brute_force_rule() {
    static const RulePointer kRule =
        rule("anomaly:brute-force", "Many failed logins from one source", Severity::medium,
             "attack", {"T1110.001"}, {"authentication"});
    return kRule;
}
const RulePointer& password_spraying_rule() {
    static const RulePointer kRule =
        rule("anomaly:password-spraying", "Failed logins of many users from one source",
             Severity::medium, "attack", {"T1110.003"}, {"authentication"});
    return kRule;
}
const RulePointer& login_after_guessing_rule() {
    static const RulePointer kRule =
        rule("anomaly:login-after-guessing", "Login after guessing", Severity::critical,
             "compromise", {"T1110.001", "T1078"}, {"authentication"});
    return kRule;
}

std::vector<RulePointer> rules() {
    return {port_scan_rule(), syn_flood_rule(), brute_force_rule(), password_spraying_rule(),
            login_after_guessing_rule()};
}

}  // namespace kentongan::anomaly
