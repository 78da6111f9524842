#include "collectors/sirekap/walk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "collectors/sirekap/pace.hpp"

namespace kentongan::sirekap {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

const std::map<std::string, std::vector<std::string>> kTree{
    {"0", {"31", "32"}},  {"31", {"3171", "3172"}}, {"32", {"3201"}},          {"3171", {"317101"}},
    {"3172", {"317201"}}, {"3201", {"320101"}},     {"317101", {"3171011006"}}};

std::vector<std::string> children(const std::string& code) {
    const auto found = kTree.find(code);
    return found == kTree.end() ? std::vector<std::string>{} : found->second;
}

/// Everything in the order in which it is fetched, `stop` files at most.
std::vector<std::string> fetched(Walk& walk, std::size_t stop = 100) {
    std::vector<std::string> out;
    while (out.size() < stop) {
        const auto next = walk.next();
        if (!next) break;
        out.push_back(*next);
        walk.done(*next, children(*next));
    }
    return out;
}

TEST(Walk, GoesFromTheCountryDownToItsDepth) {
    Walk walk{{}, 4};
    EXPECT_THAT(fetched(walk), ElementsAre("0", "31", "3171", "3172", "32", "3201"));
    EXPECT_TRUE(walk.finished());
    EXPECT_EQ(walk.position(), "");
}

TEST(Walk, OfAnAreaStaysInIt) {
    Walk walk{{"3171"}, 13};
    EXPECT_THAT(fetched(walk), ElementsAre("3171", "317101", "3171011006"));
}

TEST(Walk, GoesOnWhereAnEarlierOneStopped) {
    Walk first{{}, 6};
    EXPECT_THAT(fetched(first, 4), ElementsAre("0", "31", "3171", "317101"));
    EXPECT_EQ(first.position(), "3172");
    Walk second{{}, 6, first.position()};
    EXPECT_THAT(fetched(second), ElementsAre("0", "31", "3172", "317201", "32", "3201", "320101"));
}

TEST(Walk, APositionIsTheFirstFileThatIsNotDone) {
    Walk walk{{}, 6};
    fetched(walk, 2);
    const auto slow = walk.next();
    const auto quick = walk.next();
    walk.done(*quick, {});
    EXPECT_EQ(walk.position(), *slow);
    EXPECT_FALSE(walk.finished());
}

TEST(Walk, ChildrenOfAnotherAreaAreNotFollowed) {
    Walk walk{{"3171"}, 13};
    walk.done(walk.next().value(), {"3271", "31", "3171", "317101"});
    EXPECT_EQ(walk.next(), "317101");
    EXPECT_FALSE(walk.next());
}

TEST(Walk, PathsAreThoseOfSirekap) {
    EXPECT_EQ(path_of("0"), ".json");
    EXPECT_EQ(path_of("31"), "/31.json");
    EXPECT_EQ(path_of("3171011006001"), "/31/3171/317101/3171011006/3171011006001.json");
    EXPECT_EQ(depth_of("kelurahan"), 10u);
    EXPECT_FALSE(depth_of("desa"));
}

const Pace::Time kNow = Pace::Time{} + 1h;

TEST(Pace, SpreadsRequests) {
    Pace pace{5, 1s, 60s};
    EXPECT_EQ(pace.take(kNow), kNow);
    EXPECT_EQ(pace.take(kNow), kNow + 200ms);
    EXPECT_EQ(pace.take(kNow + 1s), kNow + 1s);
}

TEST(Pace, WaitsTwiceAsLongWithEachFailureInARow) {
    Pace pace{1000, 1s, 5s};
    for (const auto wait : {1s, 2s, 4s, 5s, 5s}) {
        pace.failed(kNow);
        EXPECT_EQ(pace.resume(), kNow + wait);
    }
    EXPECT_EQ(pace.take(kNow), kNow + 5s);
    pace.answered();
    pace.failed(kNow + 10s);
    EXPECT_EQ(pace.resume(), kNow + 11s);
}

TEST(Pace, WaitsAsLongAsTheServerAsksWithinReason) {
    Pace pace{1000, 1s, 60s};
    pace.failed(kNow, 30s);
    EXPECT_EQ(pace.resume(), kNow + 30s);
    pace.failed(kNow, std::chrono::seconds{86400});
    EXPECT_EQ(pace.resume(), kNow + 60s);
}

}  // namespace
}  // namespace kentongan::sirekap
