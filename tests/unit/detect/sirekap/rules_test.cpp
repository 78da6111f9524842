// Where the Sirekap rules go, and how they speak.
#include "daemon/detect/sirekap/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/alert/routing.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"
#include "daemon/detect/sirekap/numbers/rules.hpp"
#include "tests/support/project.hpp"

namespace kentongan::sirekap {
namespace {

using testing::IsEmpty;
using testing::IsSubsetOf;

std::vector<std::string> told(const RulePointer& rule, Severity severity) {
    static const auto routing =
        Routing::parse(read_file(project_root() / "rules/routing/routing.toml").value(), "routing")
            .value();
    Alert alert;
    alert.rule = rule;
    alert.severity = severity;
    std::vector<std::string> out;
    for (const Route& route : routing.route(alert)) out.push_back(route.agency);
    EXPECT_TRUE(routing.knows(rule->rule_class)) << rule->id;
    return out;
}

TEST(SirekapRules, StatisticsNeverLeaveKpuAndBrin) {
    std::size_t advisory = 0;
    for (const auto& rule : rules()) {
        if (!rule->advisory) continue;
        ++advisory;
        for (int severity = 0; severity <= static_cast<int>(Severity::critical); ++severity)
            EXPECT_THAT(told(rule, static_cast<Severity>(severity)), IsSubsetOf({"kpu", "brin"}))
                << rule->id;
    }
    EXPECT_GE(advisory, 4u);
}

TEST(SirekapRules, EvenInAClassOfPolriAStatisticIsNotSentThere) {
    auto rule = std::make_shared<Rule>(*numbers::correction_bias_rule());
    rule->rule_class = "compromise";
    EXPECT_THAT(told(rule, Severity::critical), IsSubsetOf({"kpu", "brin"}));
}

TEST(SirekapRules, AWorkItemIsForTheQueueAndNotForAPager) {
    for (const auto& rule : rules())
        if (rule->rule_class == "work_item") {
            EXPECT_THAT(told(rule, Severity::info), IsEmpty()) << rule->id;
            EXPECT_THAT(told(rule, Severity::medium), IsSubsetOf({"kpu", "brin"})) << rule->id;
        }
}

TEST(SirekapRules, AMismatchIsToldToKpuAndBssn) {
    for (const auto& rule : rules())
        if (rule->id == "sirekap:aggregate-mismatch")
            EXPECT_THAT(told(rule, Severity::critical), testing::ElementsAre("kpu", "bssn"));
}

/// The sources too: no text that could end in a message speaks of a deed.
TEST(SirekapRules, NoTextOfTheDetectorsAccusesAnyone) {
    std::size_t files = 0;
    for (const auto* folder : {"daemon/detect/sirekap", "collectors/sirekap"})
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(project_root() / folder)) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
            const std::string text = to_lower(read_file(entry.path()).value());
            for (const auto* word : {"fraud", "kecurangan", "curang", "manipulasi", "manipulat"})
                EXPECT_EQ(text.find(word), std::string::npos) << entry.path() << ": " << word;
            ++files;
        }
    EXPECT_GT(files, 50u);
}

}  // namespace
}  // namespace kentongan::sirekap
