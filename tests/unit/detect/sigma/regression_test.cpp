// SigmaHQ's own regression events: KENTONGAN_SIGMAHQ names a checkout of the rules.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "daemon/detect/sigma/event_reader.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/sigma_regression.hpp"
#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

std::vector<std::filesystem::path> rule_folders(const std::filesystem::path& checkout) {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(checkout))
        if (entry.path().filename().native().starts_with("rules")) out.push_back(entry.path());
    return out;
}

std::string logsource_of(const Ruleset& ruleset, std::string_view id) {
    for (const CompiledRule& rule : ruleset.program().rules)
        if (rule.rule->id == id)
            return boost::json::serialize(boost::json::object{{"category", rule.logsource.category},
                                                              {"product", rule.logsource.product},
                                                              {"service", rule.logsource.service}});
    return {};
}

TEST(SigmaRegression, TheNamedRulesOfSigmaHqFireOnTheirEvents) {
    const char* checkout = std::getenv("KENTONGAN_SIGMAHQ");
    if (checkout == nullptr) GTEST_SKIP() << "set KENTONGAN_SIGMAHQ to a checkout of SigmaHQ/sigma";
    std::vector<RuleStatus> statuses;
    const auto ruleset =
        std::make_shared<const Ruleset>(Ruleset::load(rule_folders(checkout), statuses));
    ASSERT_GT(ruleset->size(), 3000u);
    const auto cases =
        sigma_regression(checkout, [&](std::string_view id) { return logsource_of(*ruleset, id); });
    ASSERT_GE(cases.size(), 202u);
    std::size_t fired = 0;
    for (const RegressionCase& one : cases) {
        RecordingFindings planned;
        SigmaDetector detector(ruleset);
        for (const std::string& line : one.events) {
            const auto event = read_event(line);
            ASSERT_TRUE(event) << event.error().message;
            static_cast<void>(ruleset->plans().plan_for(EventClass::of(*event)));
            detector.inspect(*event, planned);
        }
        const bool hit = std::ranges::any_of(
            planned.all, [&](const Finding& finding) { return finding.rule->id == one.rule; });
        if (!hit) std::printf("did not fire: %s\n", one.rule.c_str());
        fired += hit ? 1 : 0;
    }
    EXPECT_GE(fired, 201u) << "of " << cases.size();
}

}  // namespace
}  // namespace kentongan::sigma
