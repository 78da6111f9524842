// Names and severities of the rules about published results.
#include "daemon/detect/sirekap/published/rules.hpp"

#include "daemon/detect/sirekap/rule_of.hpp"

namespace kentongan::sirekap::published {

namespace {
RulePointer make(std::string name, std::string title, Severity severity, std::string rule_class,
                 std::vector<std::string> techniques = {}) {
    return std::make_shared<const Rule>(rule_of("sirekap:" + std::move(name), std::move(title),
                                                severity, std::move(rule_class),
                                                std::move(techniques)));
}
}  // namespace

const RulePointer& aggregate_mismatch_rule() {
    static const RulePointer kRule =
        make("aggregate-mismatch", "A published total is not the sum of its parts",
             Severity::critical, "result_integrity", {"T1565.001"});
    return kRule;
}
const RulePointer& progress_fell_rule() {
    static const RulePointer kRule = make("progress-fell", "The number of TPS counted fell",
                                          Severity::high, "result_integrity", {"T1565.001"});
    return kRule;
}
const RulePointer& votes_fell_rule() {
    static const RulePointer kRule =
        make("votes-fell", "A published number of votes fell", Severity::info, "work_item");
    return kRule;
}
const RulePointer& result_vanished_rule() {
    static const RulePointer kRule = make("result-vanished", "A published result is there no more",
                                          Severity::high, "result_integrity", {"T1565.001"});
    return kRule;
}
const RulePointer& silent_edit_rule() {
    static const RulePointer kRule =
        make("silent-edit", "A published file changed although its time did not", Severity::high,
             "result_integrity", {"T1565.001"});
    return kRule;
}
const RulePointer& image_changed_rule() {
    static const RulePointer kRule =
        make("image-changed", "A published form was replaced or is there no more", Severity::info,
             "work_item");
    return kRule;
}
const RulePointer& schema_drift_rule() {
    static const RulePointer kRule =
        make("schema-drift", "Published files look different", Severity::info, "work_item");
    return kRule;
}
const RulePointer& tabulation_withdrawn_rule() {
    static const RulePointer kRule =
        make("tabulation-withdrawn", "The published tabulation was withdrawn", Severity::medium,
             "result_integrity");
    return kRule;
}
const RulePointer& denominator_rule() {
    static const RulePointer kRule =
        make("denominator", "The number of TPS to be counted changed", Severity::info, "work_item");
    return kRule;
}
const RulePointer& unreadable_rule() {
    static const RulePointer kRule = make("unreadable", "A published file that cannot be judged",
                                          Severity::low, "result_integrity");
    return kRule;
}

std::vector<RulePointer> rules() {
    return {aggregate_mismatch_rule(), progress_fell_rule(),        votes_fell_rule(),
            result_vanished_rule(),    silent_edit_rule(),          image_changed_rule(),
            schema_drift_rule(),       tabulation_withdrawn_rule(), denominator_rule(),
            unreadable_rule()};
}

}  // namespace kentongan::sirekap::published
