// What keeps people's attention for what matters: suppressions, storms, budgets, corroboration, the
// change freeze; and that none of them loses anything.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/alert/desk.hpp"

namespace kentongan {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

std::shared_ptr<const Rule> a_rule(const std::string& id, Ruleset ruleset = Ruleset::sigma,
                                   Severity severity = Severity::medium) {
    auto out = std::make_shared<Rule>();
    out->id = id;
    out->name = "Rule " + id;
    out->ruleset = ruleset;
    out->severity = severity;
    return out;
}

Finding a_finding(int second, const std::string& entity,
                  std::shared_ptr<const Rule> rule = a_rule("r"),
                  const std::string& source = "auth.log") {
    Finding out;
    out.rule = std::move(rule);
    out.time = kStart + seconds{second};
    out.entity = entity;
    out.message = fmt::format("about {}", entity);
    out.evidence.push_back({"log", source, static_cast<std::uint64_t>(second), "", ""});
    return out;
}

Finding from(const std::string& ip, Finding finding) {
    finding.subject.source_ip = IpAddress::parse(ip);
    return finding;
}

std::shared_ptr<const Routing> a_routing() {
    return std::make_shared<const Routing>(Routing::parse(R"(
agencies = ["kpu", "bssn"]
owner = "kpu"
[class.default]
kpu = { tlp = "RED" }
bssn = { tlp = "AMBER", minimum = "high" }
)",
                                                          "routing.toml")
                                               .value());
}

std::shared_ptr<const Rule> a_rule_about_insiders() {
    auto out = std::make_shared<Rule>(*a_rule("insider"));
    out->rule_class = "insider";
    return out;
}

AlertDesk a_desk(DeskOptions options = {}) { return AlertDesk{std::move(options), a_routing()}; }

const AlertChange& of_rule(const std::vector<AlertChange>& changes, const std::string& rule) {
    static const AlertChange kNone;
    for (const AlertChange& change : changes)
        if (change.alert.rule->id == rule) return change;
    return kNone;
}

std::shared_ptr<const Suppressions> suppressing(const std::string& rule, const std::string& source,
                                                Duration lasting = hours{1}) {
    Suppression one;
    one.id = "sup-1";
    one.rule_id = rule;
    one.source_ip = source;
    one.expires = kStart + lasting;
    return std::make_shared<const Suppressions>(std::vector{one});
}

TEST(DeskSuppression, ACoveredAlertIsStoredAndNobodyIsTold) {
    AlertDesk desk = a_desk();
    desk.suppress_by(suppressing("r", ""));
    desk.take(a_finding(0, "x"));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(1));
    EXPECT_TRUE(changes[0].created);
    EXPECT_EQ(changes[0].alert.suppressed, "sup-1");
    EXPECT_THAT(changes[0].routes, IsEmpty());
    EXPECT_THAT(changes[0].newly_told, IsEmpty());
    EXPECT_THAT(changes[0].alert.agencies, IsEmpty());
    EXPECT_EQ(changes[0].alert.told, 0u);
    EXPECT_EQ(to_json(changes[0].alert).at("kentongan").at("suppressed"), "sup-1");
}

TEST(DeskSuppression, AFindingThatIsNotCoveredHasTheAlertToldAsNew) {
    AlertDesk desk = a_desk();
    desk.suppress_by(suppressing("r", "10.0.0.0/8"));
    desk.take(from("10.1.1.1", a_finding(0, "web-1")));
    EXPECT_EQ(desk.take_changes().at(0).alert.suppressed, "sup-1");
    desk.take(from("203.0.113.9", a_finding(1, "web-1")));
    const auto changes = desk.take_changes();
    EXPECT_EQ(changes.at(0).alert.suppressed, "");
    EXPECT_THAT(changes.at(0).newly_told, ElementsAre("kpu"));
    desk.take(from("10.1.1.1", a_finding(2, "web-1")));
    EXPECT_EQ(desk.take_changes().at(0).alert.suppressed, "");
}

TEST(DeskSuppression, AtItsExpiryTheAlertIsTold) {
    AlertDesk desk = a_desk();
    desk.suppress_by(suppressing("r", "", seconds{60}));
    desk.take(a_finding(59, "x"));
    EXPECT_EQ(desk.take_changes().at(0).alert.suppressed, "sup-1");
    desk.take(a_finding(60, "x"));
    EXPECT_THAT(desk.take_changes().at(0).newly_told, ElementsAre("kpu"));
}

TEST(DeskSuppression, AnAlertThatWasToldOfGoesOnBeingTold) {
    AlertDesk desk = a_desk();
    desk.take(a_finding(0, "x"));
    (void)desk.take_changes();
    desk.suppress_by(suppressing("r", ""));
    for (int i = 1; i < 10; ++i) desk.take(a_finding(i, "x"));
    const auto changes = desk.take_changes();
    EXPECT_EQ(changes.at(0).alert.suppressed, "");
    EXPECT_TRUE(changes.at(0).grown);
}

DeskOptions stormy(std::size_t limit) {
    DeskOptions out;
    out.storms.alerts = limit;
    out.storms.window = minutes{10};
    return out;
}

TEST(DeskStorm, ARuleThatRaisesTooManyAlertsGoesOnInOneAlert) {
    AlertDesk desk = a_desk(stormy(10));
    for (int i = 0; i < 50; ++i) desk.take(a_finding(i, fmt::format("user-{}", i)));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(11));
    const Alert& storm = changes.back().alert;
    ASSERT_TRUE(storm.storm);
    EXPECT_EQ(storm.storm->alerts, 40u);
    EXPECT_EQ(storm.storm->of, "rule");
    EXPECT_EQ(storm.storm->name, "r");
    EXPECT_EQ(storm.count, 40u);
    EXPECT_THAT(storm.storm->ids, SizeIs(Storm::kMaximumSamples));
    EXPECT_EQ(storm.storm->entities.front(), "user-10");
    EXPECT_THAT(changes.back().newly_told, ElementsAre("kpu"));
    EXPECT_EQ(desk.grouped()[static_cast<std::size_t>(Severity::medium)], 40u);
    const auto again = alert_from_json(to_json(storm));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_json(*again), to_json(storm));
}

TEST(DeskStorm, InsidersAlwaysStandAlone) {
    AlertDesk desk = a_desk(stormy(10));
    for (int i = 0; i < 50; ++i)
        desk.take(a_finding(i, fmt::format("user-{}", i), a_rule_about_insiders()));
    const auto changes = desk.take_changes();
    EXPECT_THAT(changes, SizeIs(50));
    for (const AlertChange& change : changes) EXPECT_FALSE(change.alert.storm);
}

TEST(DeskStorm, WhatIsHighOrCriticalAlwaysStandsAlone) {
    AlertDesk desk = a_desk(stormy(10));
    for (int i = 0; i < 50; ++i) desk.take(a_finding(i, fmt::format("user-{}", i)));
    (void)desk.take_changes();
    for (int i = 50; i < 80; ++i) {
        Finding grave = a_finding(i, fmt::format("user-{}", i));
        grave.severity = i % 2 == 0 ? Severity::high : Severity::critical;
        desk.take(std::move(grave));
    }
    const auto changes = desk.take_changes();
    EXPECT_THAT(changes, SizeIs(30));
    EXPECT_THAT(changes, Each(Field(&AlertChange::created, true)));
    for (const AlertChange& change : changes)
        EXPECT_THAT(change.newly_told, ElementsAre("kpu", "bssn"));
}

TEST(DeskStorm, AnAlertOpenBeforeTheStormGoesOnAndMayRise) {
    AlertDesk desk = a_desk(stormy(5));
    for (int i = 0; i < 20; ++i) desk.take(a_finding(i, fmt::format("user-{}", i)));
    (void)desk.take_changes();
    Finding worse = a_finding(30, "user-0");
    worse.severity = Severity::critical;
    desk.take(std::move(worse));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(1));
    EXPECT_EQ(changes[0].alert.entity, "user-0");
    EXPECT_TRUE(changes[0].escalated);
}

TEST(DeskStorm, FindingsOfOneAlertInTheStormCountOnceAsAlertsAndDoNotKeepItGoing) {
    AlertDesk desk = a_desk(stormy(4));
    for (int i = 0; i < 8; ++i) desk.take(a_finding(i, fmt::format("user-{}", i)));
    (void)desk.take_changes();
    // One of them goes on alone for half an hour: the rate falls, and it stands for itself again.
    for (int i = 10; i < 1800; i += 10) desk.take(a_finding(i, "user-7"));
    const auto changes = desk.take_changes();
    EXPECT_THAT(changes, Contains(Field(&AlertChange::alert, Field(&Alert::entity, "user-7"))));
}

TEST(DeskStorm, OneNetworkThatTripsManyRulesIsAStormOfThatNetwork) {
    AlertDesk desk = a_desk(stormy(10));
    for (int i = 0; i < 40; ++i)
        desk.take(from(fmt::format("203.0.113.{}", i), a_finding(i, fmt::format("203.0.113.{}", i),
                                                                 a_rule(fmt::format("r{}", i)))));
    desk.take(from("198.51.100.1", a_finding(41, "198.51.100.1", a_rule("elsewhere"))));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(12));
    const AlertChange& storm = of_rule(changes, "desk:storm");
    ASSERT_TRUE(storm.alert.storm);
    EXPECT_EQ(storm.alert.storm->name, "203.0.113.0/24");
    EXPECT_EQ(storm.alert.storm->alerts, 30u);
    EXPECT_TRUE(of_rule(changes, "elsewhere").created);
}

TEST(DeskStorm, ClassesOfOneNetworkAreStormsOfTheirOwnSoThatRoutingHolds) {
    AlertDesk desk = a_desk(stormy(4));
    for (int i = 0; i < 20; ++i) {
        auto rule = std::make_shared<Rule>(*a_rule(fmt::format("r{}", i)));
        rule->rule_class = i % 2 == 0 ? "attack" : "breach";
        desk.take(from("203.0.113.1", a_finding(i, fmt::format("e{}", i), rule)));
    }
    std::vector<std::string> classes;
    for (const auto& change : desk.take_changes())
        if (change.alert.storm) classes.push_back(change.alert.rule->rule_class);
    EXPECT_THAT(classes, testing::UnorderedElementsAre("attack", "breach"));
}

TEST(DeskStorm, WhatIsSuppressedStaysUntoldInAStorm) {
    AlertDesk desk = a_desk(stormy(4));
    desk.suppress_by(suppressing("r", "10.0.0.0/8"));
    for (int i = 0; i < 20; ++i)
        desk.take(
            from(i % 2 == 0 ? "10.0.0.1" : "203.0.113.1", a_finding(i, fmt::format("e{}", i))));
    int storms = 0;
    for (const auto& change : desk.take_changes()) {
        if (!change.alert.storm) continue;
        ++storms;
        EXPECT_EQ(change.routes.empty(), !change.alert.suppressed.empty());
    }
    EXPECT_EQ(storms, 2);
}

TEST(DeskStorm, EveryFindingIsInOneAlertOrAnother) {
    AlertDesk desk = a_desk(stormy(20));
    std::uint64_t taken = 0;
    std::map<std::string, std::uint64_t> counts;
    for (int i = 0; i < 3000; ++i) {
        desk.take(a_finding(i, fmt::format("e{}", (i * 7919) % 500)));
        ++taken;
        if (i % 100 == 0)
            for (const auto& change : desk.take_changes())
                counts[change.alert.id] = change.alert.count;
    }
    for (const auto& change : desk.take_changes()) counts[change.alert.id] = change.alert.count;
    std::uint64_t stored = 0;
    for (const auto& [id, count] : counts) stored += count;
    EXPECT_EQ(stored, taken);
}

DeskOptions with_budget(std::size_t alerts, std::vector<Phase> phases = {}) {
    DeskOptions out;
    DeskContext context;
    context.budgets.alerts_an_hour = alerts;
    context.calendar = Calendar{std::move(phases)};
    out.context = std::make_shared<const DeskContext>(std::move(context));
    return out;
}

TEST(DeskBudget, BeyondItAlertsAreStoredAndToldAsOneNotice) {
    AlertDesk desk = a_desk(with_budget(3));
    for (int i = 0; i < 10; ++i) desk.take(a_finding(i, fmt::format("e{}", i)));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(11));
    int told = 0;
    for (const auto& change : changes)
        if (change.alert.rule->id == "r") told += change.alert.suppressed.empty() ? 1 : 0;
    EXPECT_EQ(told, 3);
    const AlertChange& notice = of_rule(changes, "desk:budget");
    EXPECT_EQ(notice.alert.count, 7u);
    EXPECT_THAT(notice.alert.message, HasSubstr("budget of 3 alerts"));
    EXPECT_THAT(notice.newly_told, ElementsAre("kpu"));
    desk.advance(kStart + hours{2});
    const auto ended = desk.take_changes();
    EXPECT_TRUE(of_rule(ended, "desk:budget").grown || notice.alert.told == 7u);
}

TEST(DeskBudget, ANewHourHasABudgetOfItsOwnAndANoticeOfItsOwn) {
    AlertDesk desk = a_desk(with_budget(2));
    for (int i = 0; i < 5; ++i) desk.take(a_finding(i, fmt::format("e{}", i)));
    for (int i = 0; i < 5; ++i) desk.take(a_finding(3600 + i, fmt::format("f{}", i)));
    int told = 0;
    int notices = 0;
    for (const auto& change : desk.take_changes()) {
        told += change.alert.rule->id == "r" && change.alert.suppressed.empty() ? 1 : 0;
        notices += change.alert.rule->id == "desk:budget" && change.created ? 1 : 0;
    }
    EXPECT_EQ(told, 4);
    EXPECT_EQ(notices, 2);
}

TEST(DeskBudget, HighIsNeverBeyondItAndWhatBecomesHighIsTold) {
    AlertDesk desk = a_desk(with_budget(1));
    for (int i = 0; i < 3; ++i) desk.take(a_finding(i, fmt::format("e{}", i)));
    Finding grave = a_finding(4, "grave");
    grave.severity = Severity::high;
    desk.take(std::move(grave));
    for (const auto& change : desk.take_changes())
        if (change.alert.entity == "grave") EXPECT_EQ(change.alert.suppressed, "");
    Finding worse = a_finding(5, "e2");
    worse.severity = Severity::high;
    desk.take(std::move(worse));
    const auto changes = desk.take_changes();
    EXPECT_EQ(changes.at(0).alert.suppressed, "");
    EXPECT_THAT(changes.at(0).newly_told, ElementsAre("kpu", "bssn"));
}

TEST(DeskBudget, APhaseMayHaveAnotherLimitForRulesWithoutTheirOwn) {
    Phase phase;
    phase.begins = kStart;
    phase.ends = kStart + minutes{30};
    phase.alerts_an_hour = 3;
    DeskOptions options = with_budget(1, {phase});
    auto context = std::make_shared<DeskContext>(*options.context);
    context->budgets.of_rule["own"] = 2;
    options.context = context;
    AlertDesk desk = a_desk(options);
    const auto told = [&](int second, const std::string& rule) {
        int out = 0;
        for (int i = 0; i < 5; ++i)
            desk.take(a_finding(second, fmt::format("{} {} {}", rule, second, i), a_rule(rule)));
        for (const auto& change : desk.take_changes())
            out += change.alert.rule->id == rule && change.alert.suppressed.empty() ? 1 : 0;
        return out;
    };
    EXPECT_EQ(told(0, "r"), 3);
    EXPECT_EQ(told(0, "own"), 2);
    EXPECT_EQ(told(3600, "r"), 1) << "the phase is over";
}

TEST(DeskStorm, APhaseMayHaveAnotherLimit) {
    Phase phase;
    phase.begins = kStart;
    phase.ends = kStart + hours{1};
    phase.storm_alerts = 100;
    DeskOptions options = with_budget(0, {phase});
    options.storms.alerts = 5;
    AlertDesk desk = a_desk(options);
    const auto storms = [&](int second) {
        int out = 0;
        for (int i = 0; i < 50; ++i)
            desk.take(a_finding(second + i, fmt::format("{} {}", second, i)));
        for (const auto& change : desk.take_changes()) out += change.alert.storm ? 1 : 0;
        return out;
    };
    EXPECT_EQ(storms(0), 0);
    EXPECT_EQ(storms(3 * 3600), 1);
}

TEST(DeskBudget, APhaseMayWidenIt) {
    Phase phase;
    phase.name = "voting";
    phase.begins = kStart - hours{1};
    phase.ends = kStart + hours{1};
    phase.budget_factor = 2;
    AlertDesk desk = a_desk(with_budget(2, {phase}));
    for (int i = 0; i < 4; ++i) desk.take(a_finding(i, fmt::format("e{}", i)));
    EXPECT_THAT(desk.take_changes(),
                Each(Field(&AlertChange::alert, Field(&Alert::suppressed, ""))));
}

DeskOptions corroborating(std::size_t witnesses) {
    DeskOptions out;
    out.corroboration.witnesses = witnesses;
    return out;
}

TEST(DeskCorroboration, IndependentDetectorsLiftAllTheirAlertsOneStepAndSayWhy) {
    AlertDesk desk = a_desk(corroborating(3));
    desk.take(a_finding(0, "203.0.113.7", a_rule("a", Ruleset::sigma, Severity::low)));
    desk.take(a_finding(60, "203.0.113.7", a_rule("b", Ruleset::anomaly), "eth0"));
    for (const auto& change : desk.take_changes())
        EXPECT_THAT(change.alert.severity_reasons, IsEmpty());
    desk.take(from("203.0.113.7", a_finding(120, "web-1", a_rule("c", Ruleset::zeek), "zeek")));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(3));
    EXPECT_EQ(of_rule(changes, "a").alert.severity, Severity::medium);
    EXPECT_EQ(of_rule(changes, "b").alert.severity, Severity::high);
    EXPECT_TRUE(of_rule(changes, "b").escalated);
    EXPECT_EQ(of_rule(changes, "c").alert.severity, Severity::high);
    for (const auto& change : changes)
        EXPECT_THAT(change.alert.severity_reasons,
                    ElementsAre("corroborated: 3 independent witnesses (anomaly, sigma, zeek) "
                                "within 30 min"));
}

TEST(DeskCorroboration, AnAlertRisesOnceHoweverManyAgree) {
    AlertDesk desk = a_desk(corroborating(2));
    const Ruleset kinds[] = {Ruleset::sigma, Ruleset::anomaly, Ruleset::zeek, Ruleset::yara};
    for (int round = 0; round < 20; ++round)
        for (int i = 0; i < 4; ++i)
            desk.take(a_finding(round * 600 + i, "203.0.113.7",
                                a_rule(fmt::format("r{}", i), kinds[i], Severity::low)));
    for (const auto& change : desk.take_changes())
        EXPECT_EQ(change.alert.severity, Severity::medium);
}

TEST(DeskCorroboration, TwoRulesOfOneKindOverOneInputAreOneWitness) {
    AlertDesk desk = a_desk(corroborating(2));
    desk.take(a_finding(0, "203.0.113.7", a_rule("a")));
    desk.take(a_finding(1, "203.0.113.7", a_rule("b")));
    for (const auto& change : desk.take_changes())
        EXPECT_EQ(change.alert.severity, Severity::medium);
    desk.take(a_finding(2, "203.0.113.7", a_rule("c"), "nginx.log"));
    EXPECT_THAT(desk.take_changes(),
                Each(Field(&AlertChange::alert, Field(&Alert::severity, Severity::high))));
}

TEST(DeskCorroboration, LoopbackStatisticsAndWhatIsLongAgoAreNoWitnesses) {
    AlertDesk desk = a_desk(corroborating(2));
    desk.take(from("127.0.0.1", a_finding(0, "x", a_rule("a", Ruleset::sigma))));
    desk.take(from("127.0.0.1", a_finding(1, "y", a_rule("b", Ruleset::zeek))));
    auto statistic = std::make_shared<Rule>(*a_rule("c", Ruleset::sirekap));
    statistic->advisory = true;
    desk.take(a_finding(2, "x", statistic));
    desk.take(a_finding(3, "x", a_rule("d", Ruleset::yara, Severity::info)));
    desk.take(a_finding(3600, "x", a_rule("e", Ruleset::anomaly)));
    for (const auto& change : desk.take_changes())
        EXPECT_THAT(change.alert.severity_reasons, IsEmpty());
}

Finding of_file(int second, const std::string& path, Severity severity = Severity::medium) {
    auto rule = std::make_shared<Rule>(*a_rule("integrity:changed", Ruleset::integrity, severity));
    rule->rule_class = "compromise";
    Finding out = a_finding(second, path, std::move(rule));
    out.subject.file_path = path;
    return out;
}

DeskOptions frozen() {
    Phase phase;
    phase.name = "voting";
    phase.begins = kStart;
    phase.ends = kStart + hours{1};
    phase.change_freeze = true;
    return with_budget(0, {phase});
}

TEST(DeskFreeze, AChangedFileIsToldOfOnceMoreWithoutBlame) {
    AlertDesk desk = a_desk(frozen());
    desk.take(of_file(1, "/etc/nginx/nginx.conf", Severity::high));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(2));
    const Alert& notice = of_rule(changes, "desk:change-freeze").alert;
    EXPECT_EQ(notice.rule->rule_class, "compromise") << "read by those who read what it repeats";
    EXPECT_EQ(notice.severity, Severity::high);
    EXPECT_THAT(notice.message, AllOf(HasSubstr("voting"), HasSubstr("ordered or not")));
    desk.take(a_finding(2, "x"));
    EXPECT_THAT(desk.take_changes(), SizeIs(1));
    desk.take(of_file(7200, "/etc/x"));
    EXPECT_EQ(of_rule(desk.take_changes(), "desk:change-freeze").created, false);
}

TEST(DeskFreeze, AnAgencyOutOfReachIsNoChange) {
    AlertDesk desk = a_desk(frozen());
    auto rule = std::make_shared<Rule>(
        *a_rule("kentongan:delivery", Ruleset::integrity, Severity::critical));
    rule->rule_class = "delivery";
    desk.take(a_finding(1, "bssn", std::move(rule)));
    const auto changes = desk.take_changes();
    ASSERT_THAT(changes, SizeIs(1));
    EXPECT_EQ(changes.front().alert.rule->id, "kentongan:delivery");
}

TEST(DeskExercise, EverythingTheDeskMakesIsMarked) {
    DeskOptions options = frozen();
    options.exercise = true;
    options.storms.alerts = 5;
    auto context = std::make_shared<DeskContext>(*options.context);
    context->budgets.alerts_an_hour = 2;
    options.context = context;
    AlertDesk desk = a_desk(options);
    for (int i = 0; i < 20; ++i) desk.take(a_finding(i, fmt::format("e{}", i)));
    desk.take(of_file(30, "/etc/x"));
    const auto changes = desk.take_changes();
    EXPECT_TRUE(of_rule(changes, "desk:budget").created);
    EXPECT_TRUE(of_rule(changes, "desk:change-freeze").created);
    for (const auto& change : changes) {
        EXPECT_TRUE(change.alert.exercise) << change.alert.rule->id;
        EXPECT_THAT(change.alert.message, HasSubstr(std::string(kExercisePrefix)));
        EXPECT_EQ(to_json(change.alert).at("labels").at("exercise"), "true");
    }
}

TEST(DeskRestart, WhatWasToldAndHowLongItLastsSurvive) {
    AlertDesk before = a_desk({.merge_window = minutes{10}});
    Finding lasting = a_finding(0, "x");
    lasting.lasts = hours{2};
    lasting.count = 5;
    before.take(std::move(lasting));
    const Alert stored = before.take_changes().at(0).alert;
    EXPECT_EQ(stored.told, 5u);
    EXPECT_EQ(stored.open_until, kStart + hours{2});
    AlertDesk after = a_desk({.merge_window = minutes{10}});
    after.resume({stored});
    Finding more = a_finding(5400, "x");
    more.count = 44;
    after.take(std::move(more));
    auto changes = after.take_changes();
    ASSERT_THAT(changes, SizeIs(1));
    EXPECT_EQ(changes[0].alert.id, stored.id);
    EXPECT_FALSE(changes[0].grown);  // 49 of 5
    more = a_finding(5401, "x");
    after.take(std::move(more));
    changes = after.take_changes();
    EXPECT_TRUE(changes.at(0).grown);  // 50 of 5: exactly as without the restart
}

TEST(DeskRestart, AStormGoesOnInItsAlert) {
    AlertDesk before = a_desk(stormy(5));
    for (int i = 0; i < 20; ++i) before.take(a_finding(i, fmt::format("e{}", i)));
    std::vector<Alert> stored;
    for (auto& change : before.take_changes()) stored.push_back(std::move(change.alert));
    AlertDesk after = a_desk(stormy(5));
    after.resume(stored);
    for (int i = 20; i < 30; ++i) after.take(a_finding(i, fmt::format("e{}", i)));
    const auto changes = after.take_changes();
    ASSERT_THAT(changes, SizeIs(1));
    EXPECT_EQ(changes[0].alert.storm->alerts, 25u);
}

TEST(DeskDeterminism, BatchesChangeNothingInWhatIsStored) {
    const auto run = [](int batch) {
        DeskOptions options = frozen();
        options.storms.alerts = 15;
        options.corroboration.witnesses = 2;
        auto context = std::make_shared<DeskContext>(*options.context);
        context->budgets.alerts_an_hour = 10;
        options.context = context;
        AlertDesk desk = a_desk(options);
        const Ruleset kinds[] = {Ruleset::sigma, Ruleset::anomaly, Ruleset::integrity};
        std::map<std::string, std::string> stored;
        const auto keep = [&] {
            for (const auto& change : desk.take_changes())
                stored[change.alert.id] = boost::json::serialize(to_json(change.alert));
        };
        for (int i = 0; i < 900; ++i) {
            desk.take(from(fmt::format("203.0.{}.7", i % 5),
                           a_finding(i * 5, fmt::format("e{}", (i * 31) % 200),
                                     a_rule(fmt::format("r{}", i % 3), kinds[i % 3]))));
            if (i % batch == 0) keep();
        }
        keep();
        return stored;
    };
    EXPECT_EQ(run(1), run(77));
}

}  // namespace
}  // namespace kentongan
