// Names, severities and routes of these rules.
#include "daemon/detect/sirekap/workflow/rules.hpp"

namespace kentongan::sirekap {

namespace {
std::shared_ptr<Rule> rule(std::string id, std::string name, Severity severity,
                           std::vector<std::string> techniques,
                           std::string rule_class = "result_integrity") {
    auto out = std::make_shared<Rule>();
    out->id = "sirekap:" + id;
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
RulePointer advisory(std::shared_ptr<Rule> rule) {
    rule->advisory = true;
    return rule;
}
}  // namespace

const RulePointer& uploader_rule() {
    static const RulePointer kRule =
        rule("unassigned-uploader", "Forms uploaded by an account or device that is not the TPS's",
             Severity::high, {"T1078"});
    return kRule;
}
const RulePointer& early_upload_rule() {
    static const RulePointer kRule = rule("early-upload", "Form uploaded before the polls closed",
                                          Severity::high, {"T1565.001"});
    return kRule;
}
const RulePointer& duplicate_image_rule() {
    static const RulePointer kRule =
        rule("duplicate-image", "One picture uploaded for two TPS or pages", Severity::high,
             {"T1565.001"});
    return kRule;
}
const RulePointer& similar_image_rule() {
    static const RulePointer kRule = advisory(rule(
        "similar-image", "Handwriting on two forms looks the same", Severity::low, {"T1565.001"}));
    return kRule;
}
const RulePointer& late_change_rule() {
    static const RulePointer kRule =
        rule("change-after-verification", "Result changed after it was verified or final",
             Severity::critical, {"T1565.001"});
    return kRule;
}
const RulePointer& edit_past_workflow_rule() {
    static const RulePointer kRule =
        rule("edit-outside-workflow", "Result edited past the workflow", Severity::critical,
             {"T1565.001", "T1078.004"});
    return kRule;
}
const RulePointer& step_skipped_rule() {
    static const RulePointer kRule =
        rule("step-skipped", "Result went a way that the workflow does not have", Severity::high,
             {"T1565.001"});
    return kRule;
}
const RulePointer& bulk_edit_rule() {
    static const RulePointer kRule = rule("bulk-edit", "Results of many TPS edited within a minute",
                                          Severity::high, {"T1565.001"});
    return kRule;
}
const RulePointer& ordered_change_rule() {
    static const RulePointer kRule =
        rule("ordered-change", "Results changed in a declared change window", Severity::info, {});
    return kRule;
}
const RulePointer& database_write_rule() {
    static const RulePointer kRule =
        rule("database-write", "Results written to the database without the application",
             Severity::critical, {"T1565.001"});
    return kRule;
}
const RulePointer& backdated_rule() {
    static const RulePointer kRule = rule("backdated", "Time of a form or a decision does not fit",
                                          Severity::high, {"T1070.006", "T1565.001"});
    return kRule;
}
const RulePointer& verification_pace_rule() {
    static const RulePointer kRule =
        rule("verification-pace", "Results verified in a way that people do not", Severity::medium,
             {"T1078"});
    return kRule;
}
const RulePointer& four_eyes_rule() {
    static const RulePointer kRule = rule("four-eyes", "Change and approval come from one hand",
                                          Severity::high, {"T1565.001"}, "insider");
    return kRule;
}

std::vector<RulePointer> workflow_rules() {
    return {uploader_rule(),       early_upload_rule(), duplicate_image_rule(),
            similar_image_rule(),  late_change_rule(),  edit_past_workflow_rule(),
            step_skipped_rule(),   bulk_edit_rule(),    ordered_change_rule(),
            database_write_rule(), backdated_rule(),    verification_pace_rule(),
            four_eyes_rule()};
}

}  // namespace kentongan::sirekap
