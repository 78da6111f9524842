// State that is bounded, late hits, reloads, and the pattern of the OpenSSH sample.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/unit/detect/sigma/correlations.hpp"

namespace kentongan::sigma {
namespace {

std::string counting(int threshold, const std::string& title = "C", int seconds = 60) {
    return correlation(
        "type: event_count\nrules: a\ngroup-by: source.ip\ntimespan: " + std::to_string(seconds) +
            "s\ncondition: {gte: " + std::to_string(threshold) + "}",
        title);
}

TEST(SigmaCorrelator, LateHitsCountWhereTheyFallUpToABoundAndAreCountedBeyondIt) {
    SigmaCorrelatorOptions options;
    options.lateness = std::chrono::seconds{30};
    Scene scene(base_rule("a") + counting(3), options);
    scene.at(100, kind("a", from("10.0.0.1"))).at(85, kind("a", from("10.0.0.1")));
    scene.at(60, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "");
    EXPECT_EQ(scene.left_out("late"), 1u);
    scene.at(101, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.alerts.size(), 1u);
}

TEST(SigmaCorrelator, AClockThatIsSetBackDoesNotBlindIt) {
    Scene scene(base_rule("a") + counting(3));
    scene.at(1e6, kind("a", from("10.0.0.9")));
    for (int i = 0; i < 200; ++i) scene.at(i, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.left_out("late"), 99u);
    EXPECT_FALSE(scene.alerts.empty());
}

TEST(SigmaCorrelator, ALogReadLongAfterItWasWrittenIsCountedByItsOwnTimes) {
    const std::string many = base_rule("a") + counting(3);
    const std::string few = base_rule("a") + correlation(
                                                 "type: event_count\nrules: a\n"
                                                 "timespan: 60s\ncondition: {lt: 3}");
    Scene sliding(many);
    Scene deferred(few);
    for (Scene* scene : {&sliding, &deferred}) {
        scene->advance(86'400);  // what the other sources have reached
        for (int i = 0; i < 3; ++i)
            scene->at(i * 20, kind("a", from("10.0.0.1"))).advance(86'401 + i);
    }
    EXPECT_EQ(sliding.said(), "C: 3 events within 60s (source.ip 10.0.0.1)\n");
    EXPECT_EQ(deferred.advance(86'400 + 100).said(), "") << "three are not fewer than three";
    EXPECT_EQ(sliding.left_out("late"), 0u);
}

TEST(SigmaCorrelator, AReloadKeepsTheStateOfWhatIsUnchanged) {
    Scene scene(base_rule("a") + counting(3, "Same") + counting(3, "Other"));
    scene.at(0, kind("a", from("10.0.0.1"))).at(1, kind("a", from("10.0.0.1")));
    scene.load(base_rule("b") + base_rule("a") + counting(3, "New") + counting(3, "Same") +
               counting(3, "Other", 61));
    scene.at(2, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "Same: 3 events within 60s (source.ip 10.0.0.1)\n");
}

TEST(SigmaCorrelator, HitsOfTheSetBeforeCountWhereTheirCorrelationIsStillThere) {
    Scene scene(base_rule("a") + counting(3, "Same") + counting(1, "Gone"));
    auto before = std::move(scene.detector);
    scene.load(base_rule("a") + counting(3, "Same"));
    scene.at(0, kind("a", from("10.0.0.1")));
    std::swap(before, scene.detector);  // another lane has not heard of the new set yet
    scene.at(1, kind("a", from("10.0.0.1")));
    std::swap(before, scene.detector);
    scene.at(2, kind("a", from("10.0.0.1")));
    EXPECT_EQ(scene.said(), "Same: 3 events within 60s (source.ip 10.0.0.1)\n");
    EXPECT_EQ(scene.left_out("superseded"), 1u);
}

std::shared_ptr<const Hit> a_hit(const Scene& scene, std::uint32_t number, Timestamp time) {
    auto hit = std::make_shared<Hit>();
    hit->set = scene.ruleset->correlations();
    hit->time = time;
    hit->values = {std::to_string(number >> 16) + "." + std::to_string(number & 0xFFFF)};
    return hit;
}

TEST(SigmaCorrelator, AMillionGroupKeysStayInBoundedMemoryAndTheEvictedAreCounted) {
    SigmaCorrelatorOptions options;
    options.limits.groups = 50'000;
    Scene scene(base_rule("a") + counting(10), options);
    for (std::uint32_t i = 0; i < 1'000'000; ++i)
        scene.correlator.inspect_hit(a_hit(scene, i, Scene::moment(0)), scene);
    EXPECT_EQ(scene.correlator.evicted(), 950'000u);
    EXPECT_LT(scene.correlator.memory(), 50'000u * (72 + 8 * 10) * 2);
    for (int i = 0; i < 10; ++i)
        scene.correlator.inspect_hit(a_hit(scene, 2'000'000, Scene::moment(1)), scene);
    EXPECT_EQ(scene.alerts.size(), 1u) << "a flood of keys blinds nobody to what follows";
}

TEST(SigmaCorrelator, AHundredThousandGroupsOfTenTimesTakeAbout72BytesAnd8ATime) {
    Scene scene(base_rule("a") + counting(11));
    for (int round = 0; round < 10; ++round)
        for (std::uint32_t i = 0; i < 100'000; ++i)
            scene.correlator.inspect_hit(a_hit(scene, i, Scene::moment(round)), scene);
    EXPECT_EQ(scene.correlator.evicted(), 0u);
    EXPECT_LT(scene.correlator.memory(), 100'000u * (72 + 8 * 10) * 2);
    EXPECT_TRUE(scene.alerts.empty());
}

TEST(SigmaCorrelator, ManyDistinctValuesAreBoundedByBytes) {
    SigmaCorrelatorOptions options;
    options.limits.bytes = std::size_t{4} << 20;
    Scene scene(
        base_rule("a") + correlation("type: value_count\nrules: a\ngroup-by: shelf\ntimespan: 1h\n"
                                     "condition: {gte: 1000, field: u}"),
        options);
    for (std::uint32_t i = 0; i < 900'000; ++i) {
        auto hit = std::make_shared<Hit>();
        hit->set = scene.ruleset->correlations();
        hit->time = Scene::moment(i * 1e-4);
        hit->values = {std::to_string(i % 1000), std::to_string(i / 1000)};
        scene.correlator.inspect_hit(hit, scene);
    }
    EXPECT_GT(scene.correlator.evicted(), 0u);
    EXPECT_LT(scene.correlator.memory(), (std::size_t{4} << 20) * 3);
}

TEST(SigmaCorrelator, AnEmptyWindowIsForgotten) {
    Scene scene(base_rule("a") + counting(3));
    const auto empty = scene.correlator.memory();
    for (std::uint32_t i = 0; i < 1000; ++i)
        scene.correlator.inspect_hit(a_hit(scene, i, Scene::moment(0)), scene);
    scene.advance(60);
    for (std::uint32_t i = 0; i < 1000; ++i)
        scene.correlator.inspect_hit(a_hit(scene, 1000 + i, Scene::moment(61)), scene);
    EXPECT_EQ(scene.correlator.evicted(), 0u);
    EXPECT_LT(scene.correlator.memory(), empty + 1024 * 200);
}

/// Exact counting in windows, the long way.
TEST(SigmaCorrelator, AgreesWithCountingEveryWindow) {
    std::mt19937 random(7);
    for (int round = 0; round < 30; ++round) {
        const int threshold = 2 + static_cast<int>(random() % 9);
        Scene scene(base_rule("a") + counting(threshold));
        std::map<std::string, std::vector<long>> times;  // tenths of a second
        std::set<std::string> expected;
        long now = 0;
        for (int i = 0; i < 300; ++i) {
            now += static_cast<long>(random() % 90);
            const std::string ip = "10.0.0." + std::to_string(random() % 6);
            auto& own = times[ip];
            own.push_back(now);
            const auto count = std::ranges::count_if(own, [&](long t) { return t > now - 600; });
            if (count >= threshold) expected.insert(ip);
            scene.at(static_cast<double>(now) / 10, kind("a", from(ip)));
        }
        std::set<std::string> fired;
        for (const Finding& finding : scene.alerts) fired.insert(finding.entity);
        EXPECT_EQ(fired, expected) << "threshold " << threshold;
    }
}

/// Shaped as the well-known sample of an SSH server under attack: 23 sources, 527 failures,
/// of which 5 reach ten within a minute and 11 reach five.
std::vector<std::pair<double, std::string>> guessing() {
    std::vector<std::pair<double, std::string>> out;
    const auto burst = [&](int source, double start, int count, double every) {
        for (int i = 0; i < count; ++i)
            out.emplace_back(start + i * every, "198.51.100." + std::to_string(source));
    };
    burst(1, 1000, 280, 2.1);  // one that goes on for long
    burst(2, 9000, 80, 5.5);
    burst(3, 15000, 46, 4);
    burst(4, 20000, 20, 3);
    burst(5, 25000, 10, 6.6);  // ten in 59.4 s
    burst(6, 30000, 9, 6);     // nine is not ten
    burst(7, 31000, 24, 7);    // never ten a minute
    burst(8, 32000, 8, 10);
    burst(9, 33000, 5, 14.9);  // five in 59.6 s
    burst(10, 34000, 6, 10);
    burst(11, 35000, 5, 1);
    burst(12, 36000, 5, 15);  // the fifth comes a whole minute after the first
    burst(13, 37000, 12, 21);
    for (int source = 14; source <= 23; ++source)
        burst(source, 38000 + source * 200, 1 + (source == 23 ? 7 : 0), 300);
    std::ranges::sort(out);
    return out;
}

TEST(SigmaCorrelator, BruteForceOnTheOpensshPatternFindsFiveSourcesAtTenAndElevenAtFive) {
    const std::string rules =
        "title: Failed\nname: failed\nlogsource: {product: linux, service: sshd}\n"
        "detection:\n  k: ['Failed password for']\n  condition: k\n---\n" +
        correlation(
            "type: event_count\nrules: failed\ngroup-by: source.ip\ntimespan: 60s\n"
            "condition: {gte: 10}",
            "Ten") +
        correlation(
            "type: event_count\nrules: failed\ngroup-by: source.ip\ntimespan: 60s\n"
            "condition: {gte: 5}",
            "Five");
    Scene scene(rules);
    std::set<std::string> sources;
    const auto failures = guessing();
    EXPECT_EQ(failures.size(), 527u);
    for (std::size_t i = 0; i < failures.size(); ++i) {
        const auto& [time, source] = failures[i];
        sources.insert(source);
        const Event event =
            an_event()
                .of(EventKind::auth)
                .at(Scene::moment(time))
                .in("auth.log", i)
                .from({"", "linux", "sshd"})
                .saying("Failed password for root from " + source + " port 4711 ssh2")
                .with(Field::source_ip, *IpAddress::parse(source))
                .build();
        scene.correlator.advance(std::chrono::floor<std::chrono::seconds>(event.time), scene);
        scene.detector->inspect(event, scene);
    }
    EXPECT_EQ(sources.size(), 23u);
    std::map<std::string, std::set<std::string>> found;
    for (const Finding& finding : scene.alerts) found[finding.rule->name].insert(finding.entity);
    EXPECT_EQ(found["Ten"].size(), 5u);
    EXPECT_EQ(found["Five"].size(), 11u);
}

}  // namespace
}  // namespace kentongan::sigma
