#include "daemon/alert/desk.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace kentongan {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

std::shared_ptr<const Rule> a_rule(std::string id = "anomaly:brute-force",
                                   std::string rule_class = "attack") {
    auto out = std::make_shared<Rule>();
    out->id = std::move(id);
    out->name = "A rule";
    out->rule_class = std::move(rule_class);
    out->severity = Severity::medium;
    return out;
}

Finding a_finding(int at_seconds, std::string entity = "203.0.113.7") {
    static const auto kRule = a_rule();
    Finding out;
    out.rule = kRule;
    out.time = kStart + seconds{at_seconds};
    out.entity = std::move(entity);
    out.message = fmt::format("at {}", at_seconds);
    out.subject.source_ip = IpAddress::parse("203.0.113.7");
    out.evidence.push_back({"log", "auth.log", static_cast<std::uint64_t>(1000 + at_seconds),
                            std::string(64, 'a'), "a line"});
    return out;
}

std::shared_ptr<const Routing> a_routing() {
    return std::make_shared<const Routing>(Routing::parse(R"(
agencies = ["kpu", "bssn", "brin"]
owner = "kpu"
advisory = ["kpu", "brin"]
[class.attack]
kpu = { tlp = "AMBER" }
bssn = { tlp = "AMBER", minimum = "high" }
brin = { tlp = "GREEN" }
[class.default]
kpu = { tlp = "RED" }
)",
                                                          "routing.toml")
                                               .value());
}

AlertDesk a_desk(DeskOptions options = {}) { return AlertDesk{std::move(options), a_routing()}; }

TEST(AlertDesk, AFindingThatLastsKeepsItsAlertOpenBeyondTheMergeWindow) {
    AlertDesk desk = a_desk({.merge_window = minutes{10}});
    Finding lasting = a_finding(0);
    lasting.lasts = std::chrono::hours{1};
    desk.take(std::move(lasting));
    desk.take(a_finding(0, "203.0.113.8"));
    desk.advance(kStart + minutes{50});
    EXPECT_EQ(desk.open(), 1u);
    desk.take(a_finding(50 * 60));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0].alert.count, 2u);
    EXPECT_FALSE(changes[0].closed);
    desk.advance(kStart + minutes{50 + 60} + seconds{1});
    EXPECT_EQ(desk.open(), 0u);
}

TEST(AlertDesk, AnExercisesAlertsSayThatTheyAreOne) {
    AlertDesk desk = a_desk({.exercise = true});
    desk.take(a_finding(0));
    desk.take(a_finding(10));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_TRUE(changes[0].alert.exercise);
    EXPECT_EQ(changes[0].alert.message, "LATIHAN (exercise): at 10");
    const auto again = alert_from_json(to_json(changes[0].alert)).value();
    EXPECT_TRUE(again.exercise);
    EXPECT_EQ(again.message, changes[0].alert.message);
}

TEST(AlertDesk, FindingsOfOneEntityAreOneAlert) {
    AlertDesk desk = a_desk({.hostname = "jkt-1", .exercise = true});
    for (int i = 0; i < 5; ++i) desk.take(a_finding(i * 100));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_TRUE(changes[0].created);
    EXPECT_TRUE(changes[0].updated);
    EXPECT_FALSE(changes[0].escalated);
    EXPECT_FALSE(changes[0].closed);
    const Alert& alert = changes[0].alert;
    EXPECT_EQ(alert.count, 5u);
    EXPECT_EQ(alert.first_seen, kStart);
    EXPECT_EQ(alert.last_seen, kStart + seconds{400});
    EXPECT_EQ(alert.created, kStart);
    EXPECT_EQ(alert.message, "LATIHAN (exercise): at 400");
    EXPECT_EQ(alert.evidence.size(), 5u);
    EXPECT_EQ(alert.hostname, "jkt-1");
    EXPECT_TRUE(alert.exercise);
    EXPECT_THAT(alert.related_ip, ElementsAre("203.0.113.7"));
    EXPECT_EQ(alert.tlp, Tlp::amber);
    EXPECT_THAT(alert.agencies, ElementsAre("kpu", "brin"));
    EXPECT_THAT(changes[0].newly_told, ElementsAre("kpu", "brin"));
}

TEST(AlertDesk, AFloodOfFindingsIsOneChange) {
    AlertDesk desk = a_desk();
    for (int i = 0; i < 100000; ++i) desk.take(a_finding(i / 1000));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].alert.count, 100000u);
    EXPECT_EQ(changes[0].alert.evidence.size(), Alert::kMaximumEvidence);
    EXPECT_EQ(changes[0].alert.evidence.back().offset, 1000u);  // the first ones
    EXPECT_TRUE(desk.take_changes().empty());
}

TEST(AlertDesk, OtherRulesAndOtherEntitiesAreOtherAlerts) {
    AlertDesk desk = a_desk();
    desk.take(a_finding(0));
    desk.take(a_finding(0, "203.0.113.8"));
    Finding other = a_finding(0);
    other.rule = a_rule("anomaly:port-scan");
    desk.take(other);
    EXPECT_EQ(desk.take_changes().size(), 3u);
    EXPECT_EQ(desk.open(), 3u);
}

TEST(AlertDesk, TheSameFirstFindingGivesTheSameIdWhateverFollows) {
    AlertDesk one = a_desk();
    AlertDesk two = a_desk();
    one.take(a_finding(0));
    two.take(a_finding(0));
    two.take(a_finding(30));
    const std::string id = one.take_changes()[0].alert.id;
    EXPECT_EQ(id, two.take_changes()[0].alert.id);
    EXPECT_EQ(id.size(), 26u);
    AlertDesk three = a_desk();
    three.take(a_finding(1));
    EXPECT_NE(id, three.take_changes()[0].alert.id);
}

TEST(AlertDesk, AfterAWindowWithoutFindingsANewAlertBegins) {
    AlertDesk desk = a_desk();
    desk.take(a_finding(0));
    desk.take(a_finding(600));
    desk.take(a_finding(1201));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_TRUE(changes[0].closed);
    EXPECT_EQ(changes[0].alert.count, 2u);
    EXPECT_FALSE(changes[1].closed);
    EXPECT_EQ(changes[1].alert.count, 1u);
    EXPECT_NE(changes[0].alert.id, changes[1].alert.id);
}

TEST(AlertDesk, SeverityRisesAndNeverFalls) {
    AlertDesk desk = a_desk();
    desk.take(a_finding(0));
    ASSERT_EQ(desk.take_changes().size(), 1u);
    Finding grave = a_finding(10);
    grave.severity = Severity::critical;
    desk.take(grave);
    desk.take(a_finding(20));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_FALSE(changes[0].created);
    EXPECT_TRUE(changes[0].escalated);
    EXPECT_EQ(changes[0].alert.severity, Severity::critical);
    EXPECT_THAT(changes[0].newly_told, ElementsAre("bssn"));
    EXPECT_THAT(changes[0].alert.agencies, ElementsAre("kpu", "bssn", "brin"));
    desk.take(a_finding(30));
    const auto later = desk.take_changes();
    ASSERT_EQ(later.size(), 1u);
    EXPECT_FALSE(later[0].escalated);
    EXPECT_TRUE(later[0].newly_told.empty());
    EXPECT_EQ(later[0].routes.size(), 3u);
}

TEST(AlertDesk, ALateFindingWidensTheAlertAndKeepsTheNewestMessage) {
    AlertDesk desk = a_desk();
    desk.take(a_finding(300));
    desk.take(a_finding(0));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].alert.first_seen, kStart);
    EXPECT_EQ(changes[0].alert.last_seen, kStart + seconds{300});
    EXPECT_EQ(changes[0].alert.message, "at 300");
    EXPECT_EQ(changes[0].alert.count, 2u);
}

TEST(AlertDesk, AFindingOlderThanAWindowBeforeTheFirstIsAClosedAlertOfItsOwn) {
    AlertDesk desk = a_desk();
    desk.take(a_finding(1000));
    desk.take(a_finding(399));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_TRUE(changes[1].created);
    EXPECT_TRUE(changes[1].closed);
    EXPECT_EQ(desk.open(), 1u);
    desk.take(a_finding(1001));
    EXPECT_EQ(desk.take_changes().at(0).alert.count, 2u);
}

TEST(AlertDesk, TimeClosesQuietAlertsInTheOrderOfTheirLastFinding) {
    AlertDesk desk = a_desk();
    desk.take(a_finding(5, "b"));
    desk.take(a_finding(10, "a"));
    desk.take(a_finding(20, "b"));
    (void)desk.take_changes();
    desk.advance(kStart + seconds{10} + minutes{10});
    EXPECT_TRUE(desk.take_changes().empty());
    desk.advance(kStart + seconds{21} + minutes{10});
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0].alert.entity, "a");
    EXPECT_EQ(changes[1].alert.entity, "b");
    for (const AlertChange& change : changes) {
        EXPECT_TRUE(change.closed);
        EXPECT_FALSE(change.updated);
        EXPECT_TRUE(change.routes.empty());
    }
    EXPECT_EQ(desk.open(), 0u);
}

TEST(AlertDesk, TooManyOpenAlertsCloseTheQuietestEarly) {
    AlertDesk desk = a_desk({.maximum_open = 3});
    for (int i = 0; i < 3; ++i) desk.take(a_finding(i, fmt::format("e{}", i)));
    desk.take(a_finding(3, "e0"));  // no longer the quietest
    (void)desk.take_changes();
    desk.take(a_finding(4, "e3"));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0].alert.entity, "e3");
    EXPECT_EQ(changes[1].alert.entity, "e1");
    EXPECT_TRUE(changes[1].closed);
    EXPECT_EQ(desk.open(), 3u);
    EXPECT_EQ(desk.closed_early(), 1u);
}

TEST(AlertDesk, ListsAreUniqueAndCapped) {
    AlertDesk desk = a_desk();
    for (int i = 0; i < 200; ++i) {
        Finding finding = a_finding(0);
        finding.subject.user = fmt::format("user{}", i / 2);
        finding.subject.destination_ip = IpAddress::parse("10.0.0.1");
        finding.subject.file_sha256 = "ff";
        finding.subject.host = "web-1";
        desk.take(finding);
    }
    const Alert alert = desk.take_changes().at(0).alert;
    EXPECT_EQ(alert.related_user.size(), Alert::kMaximumRelated);
    EXPECT_EQ(alert.related_user.back(), "user99") << "the newest, whom the message names";
    EXPECT_THAT(alert.related_ip, ElementsAre("203.0.113.7", "10.0.0.1"));
    EXPECT_THAT(alert.related_hosts, ElementsAre("web-1"));
    EXPECT_THAT(alert.related_hash, ElementsAre("ff"));
}

TEST(AlertDesk, GoesOnMergingAfterARestart) {
    AlertDesk before = a_desk();
    before.take(a_finding(0));
    const Alert kept = before.take_changes().at(0).alert;
    AlertDesk after = a_desk();
    after.resume({alert_from_json(to_json(kept)).value()});
    EXPECT_TRUE(after.take_changes().empty());
    after.take(a_finding(10));
    const auto changes = after.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_FALSE(changes[0].created);
    EXPECT_EQ(changes[0].alert.id, kept.id);
    EXPECT_EQ(changes[0].alert.count, 2u);
    EXPECT_TRUE(changes[0].newly_told.empty());
}

TEST(AlertDesk, OfTwoStoredAlertsAboutOneEntityTheNewerGoesOn) {
    AlertDesk before = a_desk();
    before.take(a_finding(0));
    before.take(a_finding(700));
    std::vector<Alert> stored;
    for (const AlertChange& change : before.take_changes()) stored.push_back(change.alert);
    ASSERT_EQ(stored.size(), 2u);
    for (int order = 0; order < 2; ++order) {
        AlertDesk after = a_desk();
        after.resume(stored);
        EXPECT_EQ(after.open(), 1u);
        after.take(a_finding(710));
        EXPECT_EQ(after.take_changes().at(0).alert.first_seen, kStart + seconds{700});
        std::swap(stored[0], stored[1]);
    }
}

TEST(AlertDesk, AStoredAdvisoryAlertStaysWithKpuAndBrin) {
    auto rule = std::make_shared<Rule>(*a_rule());
    rule->advisory = true;
    rule->severity = Severity::critical;
    Finding finding = a_finding(0);
    finding.rule = rule;
    AlertDesk desk = a_desk();
    desk.take(finding);
    const AlertChange change = desk.take_changes().at(0);
    EXPECT_THAT(change.alert.agencies, ElementsAre("kpu", "brin"));
    const Alert stored = alert_from_json(to_json(change.alert)).value();
    EXPECT_EQ(a_routing()->route(stored).size(), 2u);
}

TEST(AlertDesk, HostileTextBecomesValidUtf8OfBoundedLength) {
    Finding finding = a_finding(0, std::string(5000, '\xfe'));
    finding.message = std::string(100000, '\xff');
    finding.subject.user = "\xc3(";
    finding.subject.url = std::string(100000, 'u');
    finding.evidence[0].excerpt = std::string(100000, '\x80');
    AlertDesk desk = a_desk();
    desk.take(finding);
    desk.take(finding);
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    const std::string json = boost::json::serialize(to_json(changes[0].alert));
    EXPECT_LT(json.size(), 20000u);
    EXPECT_TRUE(alert_from_json(boost::json::parse(json)));
}

TEST(AlertDesk, WithoutARoutingTableNobodyIsTold) {
    AlertDesk desk{{}, nullptr};
    desk.take(a_finding(0));
    const auto changes = desk.take_changes();
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_TRUE(changes[0].routes.empty());
    desk.route_by(a_routing());
    desk.take(a_finding(1));
    EXPECT_EQ(desk.take_changes().at(0).newly_told.size(), 2u);
}

TEST(AlertDesk, TheSameFindingsGiveTheSameChangesInTheSameOrder) {
    const auto run = [] {
        AlertDesk desk = a_desk({.maximum_open = 50});
        std::string out;
        for (int i = 0; i < 3000; ++i) {
            Finding finding = a_finding(i * 7 % 2500, fmt::format("e{}", i * 31 % 97));
            if (i % 11 == 0) finding.severity = Severity::high;
            desk.take(std::move(finding));
            if (i % 100 == 0) desk.advance(kStart + seconds{i / 4});
            if (i % 50 != 0) continue;
            for (const AlertChange& change : desk.take_changes())
                out += fmt::format("{} {} {} {}\n", change.alert.id, change.alert.count,
                                   change.created, change.closed);
        }
        return out;
    };
    EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace kentongan
