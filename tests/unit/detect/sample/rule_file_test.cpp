#include "daemon/detect/sample/rule_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/rules.hpp"
#include "daemon/detect/report/rules.hpp"
#include "daemon/detect/sirekap/rules.hpp"
#include "tests/support/project.hpp"

namespace kentongan {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::filesystem::path> rule_files() {
    std::vector<std::filesystem::path> out;
    for (const auto* folder : {"rules/anomaly", "rules/sirekap", "rules/report"})
        for (const auto& entry : std::filesystem::directory_iterator(project_root() / folder))
            if (entry.path().extension() == ".toml") out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

/// A result alert names an inconsistency, never a deed.
void expect_no_accusation(std::string_view text) {
    for (const auto* word : {"fraud", "kecurangan", "curang", "manipulasi", "manipulation"})
        EXPECT_THAT(to_lower(text), Not(HasSubstr(word)));
}

TEST(RuleFiles, EverySampleFiresOrStaysSilentAsItSays) {
    for (const auto& path : rule_files()) {
        const auto file = RuleFile::parse(read_file(path).value(), path.string());
        ASSERT_TRUE(file) << file.error().message;
        const auto results = file->run_samples();
        ASSERT_TRUE(results) << results.error().message;
        for (const auto& result : *results)
            EXPECT_TRUE(result.passed()) << path << ": " << result.name;
    }
}

TEST(RuleFiles, DocumentEachBuiltInRuleOnce) {
    std::set<std::string> documented;
    for (const auto& path : rule_files()) {
        const auto file = RuleFile::parse(read_file(path).value(), path.string());
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_TRUE(documented.insert(file->rule()->id).second) << path;
    }
    std::set<std::string> built_in;
    for (const auto& rules : {anomaly::rules(), sirekap::rules(), report::rules()})
        for (const auto& rule : rules) built_in.insert(rule->id);
    EXPECT_EQ(documented, built_in);
}

TEST(RuleFiles, NoTextOfARuleOrFindingAccusesAnyone) {
    for (const auto& path : rule_files()) {
        const std::string text = read_file(path).value();
        expect_no_accusation(text);
        const auto file = RuleFile::parse(text, path.string()).value();
        std::size_t findings = 0;
        for (const auto& result : file.run_samples().value())
            for (const Finding& finding : result.findings) {
                ++findings;
                expect_no_accusation(finding.message);
                expect_no_accusation(finding.entity);
                for (const Evidence& evidence : finding.evidence)
                    expect_no_accusation(evidence.excerpt);
                if (finding.rule->rule_class == "result_integrity")
                    EXPECT_THAT(finding.message, HasSubstr("nconsistency in Sirekap data"));
            }
        EXPECT_GT(findings, 0u);
        for (const auto& word : {file.rule()->name, file.rule()->id}) expect_no_accusation(word);
    }
}

TEST(RuleFiles, ErrorsNameFileAndLine) {
    EXPECT_THAT(check_rule_file("id = [", "x.toml").reason, HasSubstr("rule x.toml:1: "));
    EXPECT_EQ(check_rule_file("id = \"anomaly:nothing\"", "x.toml").reason,
              "rule x.toml:1: id 'anomaly:nothing' is no built-in rule");
    std::string text = read_file(project_root() / "rules/anomaly/syn_flood.toml").value();
    EXPECT_EQ(check_rule_file(text, "x.toml").state, RuleStatus::State::ok);
    EXPECT_EQ(check_rule_file(text, "x.toml").engine, "anomaly");
    text.replace(text.find("\"high\""), 6, "\"info\"");
    EXPECT_EQ(check_rule_file(text, "x.toml").reason,
              "rule x.toml:3: severity is 'info' but the rule's is 'high'");
}

TEST(RuleFiles, ASampleThatShouldFireButDoesNotHasNotPassed) {
    std::string text = read_file(project_root() / "rules/anomaly/brute_force.toml").value();
    text.replace(text.find("repeat = 10"), 11, "repeat = 9 ");
    const auto results = RuleFile::parse(text, "x.toml").value().run_samples().value();
    EXPECT_FALSE(results.at(0).passed());
    EXPECT_TRUE(results.at(1).passed());
}

}  // namespace
}  // namespace kentongan
