// SigmaHQ's own regression events, read and judged as `replay --events` does: KENTONGAN_SIGMAHQ
// names a checkout of the rules.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "collectors/log/format.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/sigma_regression.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> rule_folders(const fs::path& checkout) {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(checkout))
        if (entry.path().filename().native().starts_with("rules")) out.push_back(entry.path());
    return out;
}

std::string logsource_of(const sigma::Ruleset& ruleset, std::string_view id) {
    for (const sigma::CompiledRule& rule : ruleset.program().rules)
        if (rule.rule->id == id)
            return boost::json::serialize(boost::json::object{{"category", rule.logsource.category},
                                                              {"product", rule.logsource.product},
                                                              {"service", rule.logsource.service}});
    return {};
}

/// Whether a rule fires on any of some events; by its plan, or plainly.
bool fires(const RegressionCase& one, const std::shared_ptr<const sigma::Ruleset>& rules,
           bool planned) {
    const auto format = log::make_format("events").value();
    log::ParseContext context;
    SigmaDetector detector(rules);
    RecordingFindings findings;
    Event event;
    for (const std::string& line : one.events) {
        EXPECT_EQ(log::read_line(*format, line, context, event), log::ParseResult::parsed);
        if (planned) static_cast<void>(rules->plans().plan_for(sigma::EventClass::of(event)));
        detector.inspect(event, findings);
    }
    return std::ranges::any_of(
        findings.all, [&](const Finding& finding) { return finding.rule->id == one.rule; });
}

TEST(SigmaRegression, TheNamedRulesOfSigmaHqFireOnTheirEvents) {
    const char* checkout = std::getenv("KENTONGAN_SIGMAHQ");
    if (checkout == nullptr) GTEST_SKIP() << "set KENTONGAN_SIGMAHQ to a checkout of SigmaHQ/sigma";
    std::vector<RuleStatus> statuses;
    const auto rules = std::make_shared<const sigma::Ruleset>(
        sigma::Ruleset::load(rule_folders(checkout), statuses));
    ASSERT_GT(rules->size(), 3000u);
    const auto cases =
        sigma_regression(checkout, [&](std::string_view id) { return logsource_of(*rules, id); });
    ASSERT_GE(cases.size(), 202u);
    std::string silent;
    std::vector<bool> plainly;  // all before the first plan, for a plan is used once it is there
    for (const RegressionCase& one : cases) plainly.push_back(fires(one, rules, false));
    for (std::size_t i = 0; i < cases.size(); ++i) {
        EXPECT_EQ(fires(cases[i], rules, true), plainly[i]) << cases[i].rule;
        if (!plainly[i]) silent += cases[i].rule + "\n";
    }
    const auto fired = std::ranges::count(plainly, true);
    EXPECT_GE(fired, 201) << "of " << cases.size() << "; silent:\n" << silent;
}

}  // namespace
}  // namespace kentongan
