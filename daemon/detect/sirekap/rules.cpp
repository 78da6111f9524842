// Names and severities of the Sirekap rules.
#include "daemon/detect/sirekap/rules.hpp"

#include "daemon/detect/sirekap/workflow/rules.hpp"

namespace kentongan::sirekap {

namespace {
RulePointer rule(std::string id, std::string name, Severity severity, std::string rule_class,
                 std::vector<std::string> techniques) {
    auto out = std::make_shared<Rule>();
    out->id = std::move(id);
    out->name = std::move(name);
    out->ruleset = Ruleset::sirekap;
    out->version = "1";
    out->authors = {"Kentongan"};
    out->severity = severity;
    out->rule_class = std::move(rule_class);
    out->techniques = std::move(techniques);
    out->categories = {"web"};
    return out;
}
}  // namespace

const RulePointer& unknown_tps_rule() {
    static const RulePointer kRule =
        rule("sirekap:unknown-tps", "Upload for a TPS that is not in the register",
             Severity::medium, "result_integrity", {"T1565.001"});
    return kRule;
}
const RulePointer& malformed_tps_rule() {
    static const RulePointer kRule =
        rule("sirekap:malformed-tps", "Upload with a malformed TPS code", Severity::low,
             "result_integrity", {});
    return kRule;
}
const RulePointer& coverage_rule() {
    static const RulePointer kRule =
        rule("sirekap:coverage", "Upload coverage of a kecamatan", Severity::info, "coverage", {});
    return kRule;
}

std::vector<RulePointer> rules() {
    std::vector<RulePointer> out{unknown_tps_rule(), malformed_tps_rule(), coverage_rule()};
    for (RulePointer& rule : workflow_rules()) out.push_back(std::move(rule));
    return out;
}

}  // namespace kentongan::sirekap
