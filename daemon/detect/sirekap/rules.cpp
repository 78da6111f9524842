// Names and severities of the Sirekap rules.
#include "daemon/detect/sirekap/rules.hpp"

#include "daemon/detect/sirekap/numbers/rules.hpp"
#include "daemon/detect/sirekap/published/rules.hpp"
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
const RulePointer& image_address_rule() {
    static const RulePointer kRule =
        rule("sirekap:image-address", "Photograph of a form with an address out of the ordinary",
             Severity::low, "result_integrity", {});
    return kRule;
}
const RulePointer& image_uuid_rule() {
    static const RulePointer kRule =
        rule("sirekap:image-uuid", "One photograph's UUID with two TPS or times", Severity::medium,
             "result_integrity", {"T1565.001"});
    return kRule;
}
const RulePointer& coverage_rule() {
    static const RulePointer kRule =
        rule("sirekap:coverage", "Upload coverage of a kecamatan", Severity::info, "coverage", {});
    return kRule;
}

const RulePointer& coverage_at_risk_rule() {
    static const RulePointer kRule =
        rule("sirekap:coverage-at-risk", "Uploads of an area will hardly be there in time",
             Severity::low, "coverage", {});
    return kRule;
}
const RulePointer& upload_stall_rule() {
    static const RulePointer kRule = rule("sirekap:upload-stall", "Uploads of an area stopped",
                                          Severity::medium, "operations", {});
    return kRule;
}
const RulePointer& upload_surge_rule() {
    static const RulePointer kRule =
        rule("sirekap:upload-surge", "Surge of uploads from a few senders", Severity::medium,
             "result_integrity", {"T1565.001"});
    return kRule;
}
const RulePointer& rate_shift_rule() {
    static const RulePointer kRule = rule("sirekap:rate-shift", "Shift in the rate of uploads",
                                          Severity::info, "operations", {});
    return kRule;
}

std::vector<RulePointer> rules() {
    std::vector<RulePointer> out{unknown_tps_rule(),  malformed_tps_rule(), image_address_rule(),
                                 image_uuid_rule(),   coverage_rule(),      coverage_at_risk_rule(),
                                 upload_stall_rule(), upload_surge_rule(),  rate_shift_rule()};
    for (const auto& rules : {workflow_rules(), published::rules(), numbers::rules()})
        out.insert(out.end(), rules.begin(), rules.end());
    return out;
}

}  // namespace kentongan::sirekap
