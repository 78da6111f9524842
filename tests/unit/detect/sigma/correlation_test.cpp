// What each type of correlation counts, and when it says so.
#include "tests/unit/detect/sigma/correlations.hpp"

namespace kentongan::sigma {
namespace {

std::string by_address(const std::string& type, const std::string& condition) {
    return base_rule("a") + correlation("type: " + type +
                                        "\nrules: a\ngroup-by: source.ip\ntimespan: 60s\n"
                                        "condition: {" +
                                        condition + "}");
}

TEST(SigmaCorrelation, CountsEventsOfAGroupInASlidingWindow) {
    Scene scene(by_address("event_count", "gte: 3"));
    scene.at(0, kind("a", from("10.0.0.1"))).at(30, kind("a", from("10.0.0.1")));
    scene.at(31, kind("a", from("10.0.0.2"))).at(60, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "");  // the first is a whole timespan old
    scene.at(89, kind("a", from("10.0.0.1")));
    ASSERT_EQ(scene.alerts.size(), 1u);
    EXPECT_EQ(scene.said(), "C: 3 events within 60s (source.ip 10.0.0.1)\n");
    EXPECT_EQ(scene.alerts[0].entity, "10.0.0.1");
    EXPECT_EQ(scene.alerts[0].count, 3u);
    EXPECT_EQ(scene.alerts[0].evidence.size(), 3u);
    EXPECT_EQ(scene.alerts[0].rule->severity, Severity::high);
    EXPECT_EQ(scene.alerts[0].rule->authors,
              (std::vector<std::string>{"Author of the correlation", "Author of a"}));
}

TEST(SigmaCorrelation, FiresOnceThenRaisesTheCountUntilTheWindowIsEmpty) {
    Scene scene(by_address("event_count", "gte: 2"));
    for (int i = 0; i < 10; ++i) scene.at(i, kind("a", from("10.0.0.1")));
    scene.advance(11);
    std::uint64_t count = 0;
    for (const Finding& finding : scene.alerts) count += finding.count;
    EXPECT_EQ(count, 10u);
    EXPECT_EQ(scene.alerts.back().message,
              "C: goes on, 8 more events since it began (source.ip 10.0.0.1)");
    EXPECT_EQ(scene.alerts.back().lasts, std::chrono::seconds{60});
    scene.alerts.clear();
    scene.at(9 + 60, kind("a", from("10.0.0.1"))).advance(75);
    EXPECT_EQ(scene.said(), "");
    scene.at(76, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "C: 2 events within 60s (source.ip 10.0.0.1)\n");
}

TEST(SigmaCorrelation, RulesItCountsAlertAloneOnlyWhenItSaysGenerate) {
    const std::string other = base_rule("b");
    Scene quiet(by_address("event_count", "gte: 5") + other);
    quiet.at(0, kind("a", from("10.0.0.1"))).at(1, kind("b"));
    ASSERT_EQ(quiet.alerts.size(), 1u);
    EXPECT_EQ(quiet.alerts[0].rule->name, "Base b");
    Scene loud(
        base_rule("a") +
        correlation("type: event_count\nrules: [a]\ntimespan: 1m\ngenerate: true\n"
                    "condition: {gte: 5}") +
        correlation("type: event_count\nrules: [a]\ntimespan: 2m\ncondition: {gte: 5}", "Quiet"));
    loud.at(0, kind("a"));
    ASSERT_EQ(loud.alerts.size(), 1u);
    EXPECT_EQ(loud.alerts[0].rule->name, "Base a");
}

TEST(SigmaCorrelation, WithoutGroupByThereIsOneGroup) {
    Scene scene(base_rule("a") +
                correlation("type: event_count\nrules: a\ntimespan: 1m\ncondition: {gt: 1}"));
    scene.at(0, kind("a", from("10.0.0.1"))).at(1, kind("a", from("10.0.0.2")));
    EXPECT_EQ(scene.said(), "C: 2 events within 1m\n");
    EXPECT_EQ(scene.alerts[0].entity, "all");
    EXPECT_FALSE(scene.alerts[0].subject.source_ip.has_value()) << "not all came from one address";
}

TEST(SigmaCorrelation, AHitWithoutTheAddressToGroupByIsLeftOutAndCounted) {
    Scene scene(by_address("event_count", "gte: 2"));
    for (int i = 0; i < 5; ++i) scene.at(i, kind("a"));
    EXPECT_EQ(scene.said(), "");
    EXPECT_EQ(scene.left_out("without_group"), 5u);
    Scene other(base_rule("a") + correlation("type: event_count\nrules: a\ngroup-by: shelf\n"
                                             "timespan: 1m\ncondition: {gte: 2}"));
    for (int i = 0; i < 2; ++i) other.at(i, kind("a"));
    EXPECT_EQ(other.said(), "C: 2 events within 1m (shelf -)\n");
}

TEST(SigmaCorrelation, AddressesAreOneGroupHoweverTheyAreWritten) {
    Scene scene(by_address("event_count", "gte: 2"));
    scene.at(0, kind("a", from("::ffff:10.0.0.1"))).at(1, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.alerts.size(), 1u);
}

TEST(SigmaCorrelation, FieldsMayBeSpeltInAnotherCase) {
    Scene scene(base_rule("a") + correlation("type: event_count\nrules: a\ngroup-by: ShelfName\n"
                                             "timespan: 1m\ncondition: {gte: 2}"));
    scene.at(0, kind("a", "\"shelfname\": \"x\"")).at(1, kind("a", "\"Shelf Name\": \"x\""));
    EXPECT_EQ(scene.said(), "C: 2 events within 1m (ShelfName x)\n");
}

TEST(SigmaCorrelation, CountsDistinctValuesAndTuples) {
    Scene scene(by_address("value_count", "gte: 3, field: user.name"));
    const auto user = [](const std::string& name) {
        return kind("a", from("10.0.0.1") + ", \"user.name\": \"" + name + "\"");
    };
    scene.at(0, user("x")).at(1, user("y")).at(2, user("x")).at(3, user("y"));
    scene.at(4, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "");
    EXPECT_EQ(scene.left_out("without_value"), 1u);
    scene.at(61, user("z"));  // x was seen 59 s ago
    EXPECT_EQ(scene.said(), "C: 3 different values of user.name within 60s (source.ip 10.0.0.1)\n");
    Scene tuples(by_address("value_count", "gte: 3, field: [u, v]"));
    const auto pair = [](const std::string& u, const std::string& v) {
        return kind("a", from("10.0.0.1") + ", \"u\": \"" + u + "\", \"v\": \"" + v + "\"");
    };
    tuples.at(0, pair("a", "bc")).at(1, pair("ab", "c")).at(2, pair("a", "bc"));
    EXPECT_EQ(tuples.alerts.size(), 0u);
    EXPECT_EQ(tuples.at(3, pair("b", "c")).alerts.size(), 1u);
}

TEST(SigmaCorrelation, TemporalWantsEveryRuleInAnyOrder) {
    const std::string rules = base_rule("a") + base_rule("b") + base_rule("c");
    Scene scene(rules + correlation("type: temporal\nrules: [a, b, c]\ngroup-by: source.ip\n"
                                    "timespan: 60s"));
    scene.at(0, kind("c", from("10.0.0.1"))).at(10, kind("a", from("10.0.0.1")));
    scene.at(20, kind("b", from("10.0.0.2"))).at(60, kind("b", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "");
    scene.at(61, kind("c", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "C: 3 of 3 rules matched within 60s (source.ip 10.0.0.1)\n");
    Scene two(rules + correlation("type: temporal\nrules: [a, b, c]\ntimespan: 60s\n"
                                  "condition: {gte: 2}"));
    two.at(0, kind("a")).at(1, kind("a"));
    EXPECT_EQ(two.said(), "");
    EXPECT_EQ(two.at(2, kind("c")).said(), "C: 2 of 3 rules matched within 60s\n");
}

TEST(SigmaCorrelation, TemporalOrderedWantsThemInOrderAndTakesEqualTimesForOrder) {
    const std::string rules =
        base_rule("a") + base_rule("b") + base_rule("c") +
        correlation("type: temporal_ordered\nrules: [a, b, c]\ntimespan: 60s");
    Scene wrong(rules);
    wrong.at(0, kind("b")).at(1, kind("a")).at(2, kind("c"));
    EXPECT_EQ(wrong.said(), "");
    EXPECT_EQ(wrong.at(3, kind("b")).at(4, kind("c")).said(),
              "C: 3 of 3 rules matched in order within 60s\n");
    Scene equal(rules);
    equal.at(5, kind("c")).at(5, kind("b")).at(5, kind("a"));
    EXPECT_EQ(equal.alerts.size(), 1u);
    Scene slow(rules);
    slow.at(0, kind("a")).at(30, kind("b")).at(60, kind("c"));
    EXPECT_EQ(slow.said(), "") << "a whole timespan after the first";
    Scene restarted(rules);
    restarted.at(0, kind("a")).at(30, kind("a")).at(40, kind("b")).at(80, kind("c"));
    EXPECT_EQ(restarted.alerts.size(), 1u) << "the later first counts";
}

TEST(SigmaCorrelation, SumsValuesAndLeavesOutWhatIsNoNumber) {
    Scene scene(by_address("value_sum", "gte: 1000, field: source.bytes"));
    const auto bytes = [](const std::string& n) {
        return kind("a", from("10.0.0.1") + ", \"source.bytes\": " + n);
    };
    scene.at(0, bytes("600")).at(1, bytes("\"many\"")).at(70, bytes("500"));
    EXPECT_EQ(scene.said(), "");
    EXPECT_EQ(scene.left_out("without_value"), 1u);
    scene.at(80, bytes("500.5"));
    EXPECT_EQ(scene.said(), "C: source.bytes adds up to 1000.5 within 60s (source.ip 10.0.0.1)\n");
}

TEST(SigmaCorrelation, UpperBoundsAreDecidedWhenTheWindowEnds) {
    Scene scene(by_address("event_count", "lt: 3"));
    scene.at(0, kind("a", from("10.0.0.1"))).advance(59);
    EXPECT_EQ(scene.said(), "");
    scene.advance(60);
    EXPECT_EQ(scene.said(), "C: 1 event within 60s (source.ip 10.0.0.1)\n");
    Scene many(by_address("event_count", "lt: 3"));
    for (int i = 0; i < 3; ++i) many.at(i, kind("a", from("10.0.0.1")));
    EXPECT_EQ(many.advance(100).finish().said(), "");
}

TEST(SigmaCorrelation, RangesAndEqualitiesAreDecidedWhenTheWindowEnds) {
    const auto fires_with = [](const std::string& condition, int events) {
        Scene scene(by_address("event_count", condition));
        for (int i = 0; i < events; ++i) scene.at(i, kind("a", from("10.0.0.1")));
        EXPECT_EQ(scene.said(), "") << condition;
        return !scene.finish().alerts.empty();
    };
    EXPECT_TRUE(fires_with("gte: 3, lte: 5", 4));
    EXPECT_FALSE(fires_with("gte: 3, lte: 5", 2));
    EXPECT_FALSE(fires_with("gte: 3, lte: 5", 6));
    EXPECT_TRUE(fires_with("eq: 4", 4));
    EXPECT_FALSE(fires_with("eq: 4", 5));
    EXPECT_TRUE(fires_with("neq: 4", 5));
    EXPECT_FALSE(fires_with("neq: 4", 4));
}

TEST(SigmaCorrelation, ADeferredWindowBeginsAtItsFirstHitAndTheNextOneAfterItsEnd) {
    Scene scene(by_address("event_count", "eq: 2"));
    scene.at(0, kind("a", from("10.0.0.1"))).at(59, kind("a", from("10.0.0.1")));
    scene.at(60, kind("a", from("10.0.0.1"))).at(61, kind("a", from("10.0.0.1")));
    scene.at(62, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.finish().alerts.size(), 1u) << "two, then three";
}

TEST(SigmaCorrelation, AveragesAndPercentilesAreOfTheWholeWindow) {
    const auto said = [](const std::string& type, const std::string& condition) {
        Scene scene(by_address(type, condition));
        for (const int value : {100, 1, 2, 3, 4})
            scene.at(value, kind("a", from("10.0.0.1") + ", \"ms\": " + std::to_string(value)));
        EXPECT_EQ(scene.said(), "");
        return scene.finish().said();
    };
    EXPECT_EQ(said("value_avg", "gte: 22, field: ms"),
              "C: the average of ms is 22 over 60s (source.ip 10.0.0.1)\n");
    EXPECT_EQ(said("value_avg", "gt: 22, field: ms"), "");
    EXPECT_EQ(said("value_median", "lte: 3, field: ms"),
              "C: percentile 50 of ms is 3 over 60s (source.ip 10.0.0.1)\n");
    EXPECT_EQ(said("value_percentile", "gte: 100, field: ms, percentile: 95"),
              "C: percentile 95 of ms is 100 over 60s (source.ip 10.0.0.1)\n");
    EXPECT_EQ(said("value_percentile", "gte: 100, field: ms, percentile: 80"), "");
}

TEST(SigmaCorrelation, DistinctValuesMayBeDecidedAtTheEndToo) {
    const auto said = [](const std::string& condition) {
        Scene scene(by_address("value_count", condition));
        for (const char* user : {"x", "y", "x", "z"})
            scene.at(1, kind("a", from("10.0.0.1") + ", \"u\": \"" + user + "\""));
        return scene.finish().alerts.size();
    };
    EXPECT_EQ(said("eq: 3, field: u"), 1u);
    EXPECT_EQ(said("lt: 3, field: u"), 0u);
    EXPECT_EQ(said("gte: 2, lte: 3, field: u"), 1u);
}

TEST(SigmaCorrelation, AliasesGiveEachRuleItsOwnField) {
    Scene scene(base_rule("a") + base_rule("b") +
                correlation("type: temporal\nrules: [a, b]\ngroup-by: who\ntimespan: 1m\n"
                            "aliases:\n  who: {a: user.name, b: owner}"));
    scene.at(0, kind("a", "\"user.name\": \"budi\"")).at(1, kind("b", "\"owner\": \"ani\""));
    EXPECT_EQ(scene.said(), "");
    scene.at(2, kind("b", "\"owner\": \"budi\""));
    EXPECT_EQ(scene.said(), "C: 2 of 2 rules matched within 1m (who budi)\n");
    scene.at(3, kind("a"));
    EXPECT_EQ(scene.left_out("without_group"), 1u) << "user.name says who";
}

const std::string kChain =
    base_rule("fail") + base_rule("ok") +
    "title: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: fail\n"
    "  group-by: [source.ip]\n  timespan: 60s\n  condition: {gte: 3}\n---\n" +
    correlation("type: temporal_ordered\nrules: [many, ok]\ngroup-by: source.ip\ntimespan: 5m",
                "Then in");

TEST(SigmaCorrelation, CorrelationsBuildOnCorrelations) {
    Scene scene(kChain);
    for (int i = 0; i < 3; ++i) scene.at(i, kind("fail", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "") << "the inner one does not generate";
    scene.at(10, kind("ok", from("10.0.0.2"))).at(11, kind("ok", from("10.0.0.1")));
    EXPECT_EQ(scene.said(),
              "Then in: 2 of 2 rules matched in order within 5m (source.ip 10.0.0.1)\n");
    EXPECT_EQ(scene.alerts[0].rule->authors.size(), 3u);
}

TEST(SigmaCorrelation, AnInnerOneThatGoesOnKeepsTheOrderFresh) {
    Scene scene(kChain);
    for (int i = 0; i < 60; ++i) scene.at(i * 30, kind("fail", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "") << "never three within a minute";
    for (int i = 0; i < 100; ++i) scene.at(2000 + i * 10, kind("fail", from("10.0.0.1")));
    scene.at(3100, kind("ok", from("10.0.0.1")));
    EXPECT_EQ(scene.alerts.size(), 1u) << "more than five minutes after it began to fire";
}

TEST(SigmaCorrelation, OneMatchOfAnInnerOneIsOneEventForTheOuterOne) {
    Scene scene(base_rule("fail") +
                "title: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: fail\n"
                "  group-by: [source.ip]\n  timespan: 10s\n  condition: {gte: 2}\n---\n" +
                correlation("type: value_count\nrules: many\ntimespan: 5m\n"
                            "condition: {field: source.ip, gte: 2}",
                            "Widespread"));
    for (int i = 0; i < 8; ++i) scene.at(i, kind("fail", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "");
    for (int i = 8; i < 10; ++i) scene.at(i, kind("fail", from("10.0.0.2")));
    EXPECT_EQ(scene.said(), "Widespread: 2 different values of source.ip within 5m\n");
}

}  // namespace
}  // namespace kentongan::sigma
