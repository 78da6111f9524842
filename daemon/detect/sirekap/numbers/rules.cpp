// Names and severities of the rules about the numbers of TPS.
#include "daemon/detect/sirekap/numbers/rules.hpp"

#include "daemon/detect/sirekap/rule_of.hpp"

namespace kentongan::sirekap::numbers {

namespace {
RulePointer make(std::string name, std::string title, Severity severity, std::string rule_class) {
    return std::make_shared<const Rule>(rule_of("sirekap:" + std::move(name), std::move(title),
                                                severity, std::move(rule_class), {}));
}
/// What carries no accusation: it never leaves KPU and BRIN.
RulePointer statistic(std::string name, std::string title, Severity severity) {
    Rule out =
        rule_of("sirekap:" + std::move(name), std::move(title), severity, "result_statistics", {});
    out.advisory = true;
    return std::make_shared<const Rule>(std::move(out));
}
}  // namespace

const RulePointer& arithmetic_rule() {
    static const RulePointer kRule =
        make("arithmetic", "The numbers of a TPS do not add up", Severity::info, "work_item");
    return kRule;
}
const RulePointer& upper_bound_rule() {
    static const RulePointer kRule = make(
        "upper-bound", "A number of a TPS is larger than it can be", Severity::info, "work_item");
    return kRule;
}
const RulePointer& failure_share_rule() {
    static const RulePointer kRule =
        make("failure-share", "Far more TPS of an area do not add up than elsewhere",
             Severity::medium, "work_item");
    return kRule;
}
const RulePointer& correction_bias_rule() {
    static const RulePointer kRule =
        statistic("correction-bias", "Corrections in an area lean to one side", Severity::medium);
    return kRule;
}
const RulePointer& identical_vectors_rule() {
    static const RulePointer kRule =
        statistic("identical-vectors", "TPS near each other have the same votes", Severity::low);
    return kRule;
}
const RulePointer& outlier_rule() {
    static const RulePointer kRule =
        statistic("outlier", "TPS differ much from those around them", Severity::info);
    return kRule;
}
const RulePointer& last_digit_rule() {
    static const RulePointer kRule =
        statistic("last-digits", "Last digits are not evenly spread", Severity::info);
    return kRule;
}

std::vector<RulePointer> rules() {
    return {arithmetic_rule(),      upper_bound_rule(),       failure_share_rule(),
            correction_bias_rule(), identical_vectors_rule(), outlier_rule(),
            last_digit_rule()};
}

}  // namespace kentongan::sirekap::numbers
