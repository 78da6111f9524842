// So many requests a second for each client.
#include "daemon/api/rate_limit.hpp"

#include <gtest/gtest.h>

namespace kentongan::api {
namespace {

Timestamp at(double seconds) {
    return Timestamp{Duration{static_cast<Duration::rep>(seconds * 1e9)}};
}

TEST(RateLimit, LetsABurstThroughThenThePace) {
    RateLimit limit{2, 4};
    for (int i = 0; i < 4; ++i) EXPECT_EQ(limit.take("a", at(100)), Duration{}) << i;
    EXPECT_EQ(limit.take("a", at(100)), std::chrono::milliseconds{500});
    EXPECT_EQ(limit.take("b", at(100)), Duration{}) << "another client has its own";
    EXPECT_EQ(limit.take("a", at(100.5)), Duration{});
    EXPECT_GT(limit.take("a", at(100.5)), Duration{});
    for (int i = 0; i < 4; ++i) EXPECT_EQ(limit.take("a", at(1000)), Duration{});
    EXPECT_GT(limit.take("a", at(1000)), Duration{}) << "no more than the burst is saved";
}

TEST(RateLimit, AClockThatGoesBackGivesNothingAway) {
    RateLimit limit{1, 1};
    EXPECT_EQ(limit.take("a", at(100)), Duration{});
    EXPECT_GT(limit.take("a", at(50)), Duration{});
    EXPECT_GT(limit.take("a", at(100)), Duration{});
}

TEST(RateLimit, ForgetsTheClientHeardOfLongestAgoWhenThereAreTooMany) {
    RateLimit limit{1, 1};
    for (std::size_t i = 0; i < RateLimit::kMost; ++i)
        (void)limit.take(std::to_string(i), at(static_cast<double>(i)));
    (void)limit.take("one more", at(1e5));
    EXPECT_EQ(limit.size(), RateLimit::kMost);
    EXPECT_GT(limit.take("one more", at(1e5)), Duration{});
}

}  // namespace
}  // namespace kentongan::api
