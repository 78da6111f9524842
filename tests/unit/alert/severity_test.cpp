#include "daemon/alert/severity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kentongan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
const Timestamp kPolls = *parse_rfc3339("2024-11-27T00:00:00Z");

Finding a_finding(Severity severity, Timestamp time = kPolls) {
    auto rule = std::make_shared<Rule>();
    rule->id = "test:rule";
    rule->rule_class = "attack";
    rule->severity = severity;
    Finding out;
    out.rule = rule;
    out.time = time;
    out.entity = "203.0.113.7";
    out.subject.host = "DB-1";
    out.subject.destination_ip = IpAddress::parse("10.1.0.5");
    return out;
}

DeskContext with_asset(Criticality criticality) {
    Asset asset{.name = "results", .criticality = criticality, .hosts = {"db-1"}, .networks = {}};
    return {.assets = Assets{{asset}}, .calendar = {}, .budgets = {}};
}

Phase a_phase(std::string name, int from_hour, int to_hour) {
    Phase out;
    out.name = std::move(name);
    out.begins = kPolls + std::chrono::hours{from_hour};
    out.ends = kPolls + std::chrono::hours{to_hour};
    return out;
}

Severity judged(Severity severity, const DeskContext& context) {
    Finding finding = a_finding(severity);
    (void)judge(finding, context);
    return *finding.severity;
}

TEST(Severity, WithoutContextItIsTheDetectorsWord) {
    Finding finding = a_finding(Severity::medium);
    EXPECT_THAT(judge(finding, {}), IsEmpty());
    EXPECT_EQ(finding.severity, Severity::medium);
}

TEST(Severity, ACriticalAssetLiftsOneStepAndSaysSo) {
    Finding finding = a_finding(Severity::high);
    EXPECT_THAT(judge(finding, with_asset(Criticality::critical)),
                ElementsAre("asset results is critical: one step up"));
    EXPECT_EQ(finding.severity, Severity::critical);
}

TEST(Severity, AHighAssetLiftsUpToHighOnly) {
    EXPECT_EQ(judged(Severity::medium, with_asset(Criticality::high)), Severity::high);
    EXPECT_EQ(judged(Severity::high, with_asset(Criticality::high)), Severity::high);
    EXPECT_EQ(judged(Severity::low, with_asset(Criticality::normal)), Severity::low);
}

TEST(Severity, WhatIsForTheRecordOnlyIsNeverLifted) {
    EXPECT_EQ(judged(Severity::info, with_asset(Criticality::critical)), Severity::info);
    Finding statistic = a_finding(Severity::low);
    auto rule = std::make_shared<Rule>(*statistic.rule);
    rule->advisory = true;
    statistic.rule = rule;
    EXPECT_THAT(judge(statistic, with_asset(Criticality::critical)), IsEmpty());
    EXPECT_EQ(statistic.severity, Severity::low);
}

TEST(Severity, AnAssetIsFoundByHostByNetworkAndByEntityTheMostCriticalFirst) {
    Asset network{.name = "servers",
                  .criticality = Criticality::critical,
                  .hosts = {},
                  .networks = {*IpNetwork::parse("10.1.0.0/16")}};
    Asset host{.name = "host", .criticality = Criticality::high, .hosts = {"db-1"}, .networks = {}};
    const Assets assets{{host, network}};
    EXPECT_EQ(assets.of(a_finding(Severity::low))->name, "servers");
    Finding elsewhere = a_finding(Severity::low);
    elsewhere.subject.destination_ip.reset();
    EXPECT_EQ(assets.of(elsewhere)->name, "host");
    elsewhere.subject.host.clear();
    EXPECT_EQ(assets.of(elsewhere), nullptr);
    elsewhere.entity = "db-1";
    EXPECT_EQ(assets.of(elsewhere)->name, "host");
}

TEST(Severity, APhaseTightensItsClassesAndLoosensSingleRules) {
    Phase phase = a_phase("voting", 0, 24);
    phase.tighten = {"attack"};
    DeskContext context{.assets = {}, .calendar = Calendar{{phase}}, .budgets = {}};
    Finding finding = a_finding(Severity::medium);
    EXPECT_THAT(judge(finding, context), ElementsAre("phase voting: one step up"));
    EXPECT_EQ(finding.severity, Severity::high);
    phase.loosen = {"test:rule"};
    phase.tighten = {};
    context.calendar = Calendar{{phase}};
    EXPECT_EQ(judged(Severity::medium, context), Severity::low);
    EXPECT_EQ(judged(Severity::low, context), Severity::low);  // never down to info
}

TEST(Severity, AssetAndPhaseTogetherMoveOneStepAtMost) {
    Phase phase = a_phase("voting", 0, 24);
    phase.tighten = {"attack"};
    DeskContext context = with_asset(Criticality::critical);
    context.calendar = Calendar{{phase}};
    EXPECT_EQ(judged(Severity::low, context), Severity::medium);
}

TEST(Calendar, OfOverlappingPhasesTheLastBegunGoverns) {
    Phase period = a_phase("campaign", -100, 100);
    Phase day = a_phase("voting", 0, 13);
    day.two_person = day.change_freeze = day.retention_hold = true;
    const Calendar calendar{{day, period}};
    EXPECT_EQ(calendar.at(kPolls)->name, "voting");
    EXPECT_EQ(calendar.at(kPolls + std::chrono::hours{13})->name, "campaign");
    EXPECT_EQ(calendar.at(kPolls + std::chrono::hours{100}), nullptr);
    EXPECT_TRUE(calendar.two_person(kPolls));
    EXPECT_TRUE(calendar.change_freeze(kPolls));
    EXPECT_TRUE(calendar.retention_hold(kPolls));
    EXPECT_FALSE(calendar.two_person(kPolls - Duration{1}));
    EXPECT_FALSE(calendar.two_person(kPolls + std::chrono::hours{1000}));
}

TEST(Calendar, WhatStaysInForceIntoAWindowOfTwoIsOfTheWindow) {
    const auto hours = [](int count) { return kPolls + std::chrono::hours{count}; };
    Phase count = a_phase("count", 0, 48);
    count.two_person = true;
    const Phase pause = a_phase("pause", 12, 24);  // of one person, within it
    const Calendar calendar{{count, pause}};
    EXPECT_FALSE(calendar.two_person(hours(-3), hours(-1)));
    EXPECT_TRUE(calendar.two_person(hours(-3), hours(0)));
    EXPECT_TRUE(calendar.two_person(hours(-3), hours(100)));
    EXPECT_FALSE(calendar.two_person(hours(13), hours(23)));
    EXPECT_TRUE(calendar.two_person(hours(13), hours(24)));
    EXPECT_FALSE(calendar.two_person(hours(48), hours(100)));
}

TEST(Criticality, NamesGoBothWays) {
    for (const auto one : {Criticality::normal, Criticality::high, Criticality::critical})
        EXPECT_EQ(parse_criticality(name_of(one)), one);
    EXPECT_EQ(parse_criticality("huge"), std::nullopt);
}

}  // namespace
}  // namespace kentongan
