#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "daemon/detect/anomaly/series/hyperloglog.hpp"
#include "daemon/detect/anomaly/series/route.hpp"
#include "daemon/detect/anomaly/series/space_saving.hpp"
#include "daemon/event/log_second.hpp"

namespace kentongan::anomaly {
namespace {

std::uint64_t hash_of(std::uint64_t number) { return KeyedHash{99}(std::to_string(number)); }

TEST(HyperLogLog, CountsWithinFourStandardErrorsAtEverySize) {
    for (const unsigned precision : {12u, 14u}) {
        HyperLogLog sketch{precision};
        const double error = 1.04 / std::sqrt(std::pow(2, precision));
        std::uint64_t added = 0;
        for (const std::uint64_t size : {1u, 10u, 200u, 300u, 3000u, 10'000u, 20'000u, 200'000u}) {
            while (added < size) sketch.add(hash_of(added++));
            const auto expected = static_cast<double>(size);
            EXPECT_NEAR(sketch.estimate(), expected, std::max(4 * error * expected, 0.5))
                << size << " at precision " << precision;
        }
    }
}

TEST(HyperLogLog, IsAListUntilItHas256RegistersAndRepeatsDoNotCount) {
    HyperLogLog sketch{12};
    for (int round = 0; round < 5; ++round)
        for (std::uint64_t i = 0; i < 200; ++i) sketch.add(hash_of(i));
    EXPECT_TRUE(sketch.sparse());
    EXPECT_NEAR(sketch.estimate(), 200, 10);
    for (std::uint64_t i = 0; i < 400; ++i) sketch.add(hash_of(i));
    EXPECT_FALSE(sketch.sparse());
    EXPECT_NEAR(sketch.estimate(), 400, 20);
    sketch.clear();
    EXPECT_EQ(sketch.estimate(), 0);
}

TEST(HyperLogLog, ARegisterOutOfRangeIsLeftOut) {
    HyperLogLog sketch{14};
    sketch.add_register(0xFFFFFFFF);
    EXPECT_EQ(sketch.estimate(), 0);
}

TEST(SpaceSaving, IsExactWhileThereIsRoom) {
    SpaceSaving top{4};
    for (const auto* key : {"a", "b", "a", "c", "a", "b"}) (void)top.add(key);
    std::map<std::string, std::uint64_t> counts;
    for (std::size_t i = 0; i < top.size(); ++i) counts[top.key(i)] = top.count(i);
    EXPECT_THAT(counts, testing::ElementsAre(testing::Pair("a", 3), testing::Pair("b", 2),
                                             testing::Pair("c", 1)));
    EXPECT_EQ(top.replaced(), 0u);
}

TEST(SpaceSaving, NoCountIsWrongByMoreThanItsErrorNorTheErrorAboveNOverK) {
    constexpr std::size_t kPlaces = 100;
    SpaceSaving top{kPlaces, 42};
    std::map<std::string, std::uint64_t> truth;
    std::mt19937_64 random{11};  // NOLINT
    for (int i = 0; i < 50'000; ++i) {
        // A few frequent keys among many that come once.
        const auto key = random() % 3 == 0 ? "k" + std::to_string(random() % 20)
                                           : "rare" + std::to_string(random());
        ++truth[key];
        (void)top.add(key);
    }
    ASSERT_EQ(top.size(), kPlaces);
    std::size_t frequent = 0;
    for (std::size_t i = 0; i < kPlaces; ++i) {
        const auto real = truth[top.key(i)];
        EXPECT_GE(top.count(i), real) << top.key(i);
        EXPECT_LE(top.count(i) - top.error(i), real) << top.key(i);
        EXPECT_LE(top.error(i), top.total() / kPlaces);
        frequent += top.key(i).starts_with("k") ? 1 : 0;
    }
    EXPECT_EQ(frequent, 20u);
    EXPECT_GT(top.replaced(), 30'000u);
}

TEST(SpaceSaving, SaysWhoseKeyTookAPlace) {
    SpaceSaving top{2};
    (void)top.add("a");
    (void)top.add("a");
    const auto b = top.add("b");
    EXPECT_TRUE(b.created);
    EXPECT_FALSE(b.replaced);
    const auto c = top.add("c");
    EXPECT_TRUE(c.replaced);
    EXPECT_EQ(c.place, b.place);
    EXPECT_EQ(top.count(c.place), 2u);
    EXPECT_EQ(top.error(c.place), 1u);
}

std::string route(std::string_view path) { return std::string(RouteName{path}.text()); }

TEST(RouteName, PutsPlaceholdersForWhatVaries) {
    EXPECT_EQ(route("/"), "/");
    EXPECT_EQ(route("/api/v1/login?next=/x"), "/api/v1/login");
    EXPECT_EQ(route("/pemilu/hhcw/ppwp/31/3174/3174021004010.json"),
              "/pemilu/hhcw/ppwp/{n}/{n}/{tps}.json");
    EXPECT_EQ(route("/u/469560dc-1f2a-4c3b-8d4e-0123456789ab/photo"), "/u/{uuid}/photo");
    EXPECT_EQ(route("/img/1101012001001-20240220-104617--469560dc.jpg"), "/img/{id}.jpg");
    EXPECT_EQ(route("/static/app.min.js"), "/static/app.min.js");
    EXPECT_EQ(route("upload/7"), "/upload/{n}");
    EXPECT_EQ(route("/a/b/c/d/e/f/g/h"), "/a/b/c/d/e/f/…");
    EXPECT_EQ(route(""), "");
    EXPECT_EQ(route("//x"), "//x");
}

TEST(RouteName, IsBoundedWhateverTheBytes) {
    EXPECT_LE(route(std::string(100'000, 'a')).size(), 96u);
    EXPECT_LE(route(std::string(100'000, '/')).size(), 96u);
    EXPECT_LE(route("/\xff\xfe" + std::string(300, '\0') + "/…………………………………………").size(), 96u);
}

TEST(LatencyCounts, AQuantileIsRightWithinAQuarter) {
    LatencyCounts counts;
    for (std::uint64_t ms = 1; ms <= 1000; ++ms) counts.add(ms * 1000);
    EXPECT_NEAR(static_cast<double>(counts.quantile(0.5)), 500e3, 125e3);
    EXPECT_NEAR(static_cast<double>(counts.quantile(0.95)), 950e3, 240e3);
    EXPECT_EQ(counts.count, 1000u);
    EXPECT_EQ(LatencyCounts{}.quantile(0.5), 0u);
    LatencyCounts extreme;
    extreme.add(0);
    extreme.add(UINT64_MAX);
    EXPECT_EQ(extreme.quantile(0), 50u);
    for (std::uint64_t us = 200; us < 400'000'000; us = us * 21 / 20) {
        LatencyCounts one;
        one.add(us);
        EXPECT_NEAR(static_cast<double>(one.quantile(0.5)), static_cast<double>(us),
                    0.26 * static_cast<double>(us));
    }
}

}  // namespace
}  // namespace kentongan::anomaly
