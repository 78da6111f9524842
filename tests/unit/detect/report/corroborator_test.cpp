#include "daemon/detect/report/corroborator.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/findings.hpp"

namespace kentongan::report {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

const Timestamp kStart = parse_rfc3339("2024-11-27T10:00:00Z").value();

std::shared_ptr<const Rule> a_rule(std::string rule_class, Severity severity = Severity::medium,
                                   bool advisory = false) {
    auto out = std::make_shared<Rule>();
    out->id = "sirekap:" + rule_class;
    out->name = "A rule";
    out->ruleset = Ruleset::sirekap;
    out->rule_class = std::move(rule_class);
    out->severity = severity;
    out->advisory = advisory;
    return out;
}

Finding a_finding(Duration at, std::string tps, std::string rule_class = "result_integrity") {
    Finding out;
    out.rule = a_rule(std::move(rule_class));
    out.time = kStart + at;
    out.entity = tps.empty() ? "server" : tps;
    out.message = "Inconsistency in Sirekap data";
    out.subject.tps = tps;
    if (tps.size() == 13) out.subject.area = tps.substr(0, 6);
    return out;
}

class CorroboratorTest : public testing::Test {
  protected:
    Corroborator corroborator;
    RecordingFindings out;
    std::uint64_t reports = 0;

    void report(Duration at, std::string tps, std::string category = "numbers",
                std::uint64_t sender = 0, std::uint64_t text = 0) {
        ++reports;
        const Sighting sighting{kStart + at,
                                fmt::format("KT-{}", reports),
                                std::move(category),
                                std::move(tps),
                                {},
                                sender ? sender : 1000 + reports,
                                text ? text : 1000 + reports};
        corroborator.note(sighting, {"event", "report:test", reports, "ab", "the text"}, out);
    }
    Finding reviewed(Finding finding) {
        corroborator.review(finding);
        return finding;
    }
    static Severity severity_of(const Finding& finding) {
        return finding.severity.value_or(finding.rule->severity);
    }
};

constexpr auto kTps = "3171011006001";
constexpr auto kNeighbour = "3171011006002";

TEST_F(CorroboratorTest, AReportOfTheSameTpsRaisesTheFindingThatFollows) {
    report(minutes{0}, kTps);
    const Finding finding = reviewed(a_finding(minutes{30}, kTps));
    EXPECT_EQ(severity_of(finding), Severity::high);
    EXPECT_THAT(finding.message, HasSubstr("corroborated by 1 independent citizens' report"));
    ASSERT_EQ(finding.evidence.size(), 1u);
    EXPECT_EQ(finding.evidence[0].excerpt, "");  // what was written stays with KPU
    EXPECT_TRUE(out.all.empty());
}

TEST_F(CorroboratorTest, AfterwardsItTakesTwoForNewsMayHaveToldOfIt) {
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{0}, kTps))), Severity::medium);
    report(minutes{10}, kTps);
    EXPECT_TRUE(out.all.empty());
    report(minutes{20}, kTps);
    ASSERT_EQ(out.all.size(), 1u);
    EXPECT_EQ(severity_of(out.all[0]), Severity::high);
    EXPECT_EQ(out.all[0].entity, kTps);
    EXPECT_EQ(out.all[0].time, kStart + minutes{20});
    EXPECT_EQ(out.all[0].evidence.size(), 2u);
    // What the detector finds from now on is raised once, however often it comes by.
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{30}, kTps))), Severity::high);
}

TEST_F(CorroboratorTest, OneSenderOrOneTextCountsOnce) {
    (void)reviewed(a_finding(minutes{0}, kTps));
    for (int i = 1; i < 10; ++i) report(minutes{i}, kTps, "numbers", 7);
    for (std::uint64_t i = 1; i < 10; ++i) report(minutes{10}, kTps, "numbers", 7, 50 + i);
    EXPECT_TRUE(out.all.empty());
    for (std::uint64_t i = 1; i < 10; ++i) report(minutes{10}, kTps, "numbers", i + 100, 1001);
    EXPECT_TRUE(out.all.empty());
}

TEST_F(CorroboratorTest, NeighboursWeighHalf) {
    report(minutes{0}, kNeighbour);
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{1}, kTps))), Severity::medium);
    report(minutes{0}, "3171011001009");
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{1}, "3171011006003"))), Severity::high);
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{1}, "3172011006003"))), Severity::medium);
}

TEST_F(CorroboratorTest, BeyondTwoHoursNothingFits) {
    report(minutes{0}, kTps);
    EXPECT_EQ(severity_of(reviewed(a_finding(hours{2} + minutes{1}, kTps))), Severity::medium);
    report(hours{5}, kTps);
    report(hours{5}, kTps);
    EXPECT_TRUE(out.all.empty());
}

TEST_F(CorroboratorTest, OnlyWhatFitsInKind) {
    report(minutes{0}, kTps, "money");
    report(minutes{0}, kTps, "intimidation");
    report(minutes{0}, kTps, "system_down");
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{1}, kTps))), Severity::medium);
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{1}, kTps, "attack"))), Severity::medium);
}

TEST_F(CorroboratorTest, ManyWhoCannotReachSirekapCorroborateAFlood) {
    for (int i = 0; i < 3; ++i) report(minutes{i}, "", "system_down");
    EXPECT_EQ(severity_of(reviewed(a_finding(minutes{5}, "", "ddos"))), Severity::medium);
    report(minutes{4}, "", "system_down");
    Finding other = a_finding(minutes{5}, "", "ddos");
    other.entity = "another server";
    EXPECT_EQ(severity_of(reviewed(other)), Severity::high);
}

TEST_F(CorroboratorTest, InfoAdvisoryAndReportsThemselvesAreLeftAlone) {
    report(minutes{0}, kTps);
    for (const auto& rule : {a_rule("result_integrity", Severity::info),
                             a_rule("result_integrity", Severity::medium, true)}) {
        Finding finding = a_finding(minutes{1}, kTps);
        finding.rule = rule;
        EXPECT_EQ(severity_of(reviewed(finding)), rule->severity);
    }
    Finding own = a_finding(minutes{1}, kTps);
    auto rule = std::make_shared<Rule>(*own.rule);
    rule->ruleset = Ruleset::report;
    own.rule = rule;
    EXPECT_EQ(severity_of(reviewed(own)), Severity::medium);
}

TEST_F(CorroboratorTest, CriticalStaysCritical) {
    report(minutes{0}, kTps);
    Finding finding = a_finding(minutes{1}, kTps);
    finding.severity = Severity::critical;
    EXPECT_EQ(severity_of(reviewed(finding)), Severity::critical);
}

TEST_F(CorroboratorTest, IsBounded) {
    for (int i = 0; i < 1100; ++i)
        (void)reviewed(a_finding(minutes{0}, fmt::format("31710110{:05}", i)));
    EXPECT_EQ(corroborator.evicted(), 76u);
}

}  // namespace
}  // namespace kentongan::report
