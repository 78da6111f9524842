#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "daemon/detect/anomaly/series/calendar.hpp"
#include "daemon/detect/anomaly/series/cusum.hpp"
#include "daemon/detect/anomaly/series/ewma.hpp"
#include "daemon/detect/anomaly/series/holt_winters.hpp"
#include "daemon/detect/anomaly/series/robust_z.hpp"

namespace kentongan::anomaly {
namespace {

TEST(EwmaZ, FollowsTheFormulaOfRoberts) {
    EwmaZ ewma{{.alpha = 0.5, .limit = 6, .warm_up = 1}};
    EXPECT_EQ(ewma.add(10).z, 0);
    EXPECT_DOUBLE_EQ(ewma.mean(), 10);
    EwmaZ learning{{.alpha = 0.5, .warm_up = 100}};
    (void)learning.add(10);
    (void)learning.add(20);  // μ = 10 + .5·10, σ² = .5(0 + .5·100)
    EXPECT_DOUBLE_EQ(learning.mean(), 15);
    EXPECT_DOUBLE_EQ(learning.deviation(), 5);
    (void)learning.add(15);  // σ² = .5·25
    EXPECT_DOUBLE_EQ(learning.mean(), 15);
    EXPECT_DOUBLE_EQ(learning.deviation(), std::sqrt(12.5));
}

TEST(EwmaZ, AnAlarmDoesNotTeachItUntilItIsTheNorm) {
    EwmaZ ewma{{.alpha = 0.05, .limit = 6, .warm_up = 20}};
    for (int i = 0; i < 100; ++i) (void)ewma.add(i % 2 == 0 ? 9 : 11);
    const double mean = ewma.mean();
    for (std::uint32_t i = 0; i < EwmaZ::kThaw; ++i) EXPECT_TRUE(ewma.add(100).alarm) << i;
    EXPECT_DOUBLE_EQ(ewma.mean(), mean);
    for (int i = 0; i < 200; ++i) (void)ewma.add(100);
    EXPECT_FALSE(ewma.add(100).alarm);
}

TEST(EwmaZ, IgnoresWhatIsNoNumber) {
    EwmaZ ewma{EwmaZ::Options{}};
    (void)ewma.add(1);
    EXPECT_FALSE(ewma.add(std::nan("")).alarm);
    EXPECT_FALSE(ewma.add(HUGE_VAL).alarm);
    EXPECT_DOUBLE_EQ(ewma.mean(), 1);
}

// Siegmund's figures: h 5 about 940, h 8 1.9e4, h 12 1.0e6 samples.
TEST(Cusum, RunLengthsAreThoseOfSiegmund) {
    EXPECT_NEAR(Cusum::run_length(0.5, 5), 940, 10);
    EXPECT_NEAR(Cusum::run_length(0.5, 8), 1.9e4, 500);
    EXPECT_NEAR(Cusum::run_length(0.5, 12), 1.05e6, 0.02e6);
}

TEST(Cusum, SumsWhatExceedsTheDriftAndStartsOver) {
    Cusum cusum{0.5, 5};
    int samples = 0;
    while (cusum.add(1.5) == 0) ++samples;  // one each
    EXPECT_EQ(samples, 5);
    EXPECT_DOUBLE_EQ(cusum.up(), 0);
    while (cusum.add(-1.5) == 0) ++samples;
    EXPECT_EQ(samples, 10);
}

TEST(Cusum, NoiseAloneIsFarFromAlarms) {
    std::mt19937_64 random{7};  // NOLINT
    std::normal_distribution<double> noise;
    Cusum cusum{0.5, 5};
    int alarms = 0;
    for (int i = 0; i < 200'000; ++i) alarms += cusum.add(noise(random)) > 0 ? 1 : 0;
    // One in about 930 is expected: 215.
    EXPECT_GT(alarms, 150);
    EXPECT_LT(alarms, 280);
}

TEST(RobustZ, IsTheModifiedScoreOfIglewiczAndHoaglin) {
    RobustZ robust{8};
    for (const double x : {2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7}) (void)robust.add(x);
    // median 2.35, MAD 0.2
    EXPECT_NEAR(robust.add(8.35), 0.6745 * 6 / 0.2, 1e-9);
}

TEST(RobustZ, UsesTheMeanDeviationWhereHalfIsEqual) {
    RobustZ robust{8};
    for (const double x : {5, 5, 5, 5, 5, 5, 5, 13}) (void)robust.add(x);
    EXPECT_NEAR(robust.add(9), 4 / (1.2533 * 1), 1e-9);
    RobustZ flat{8};
    for (int i = 0; i < 8; ++i) EXPECT_EQ(flat.add(3), 0);
    EXPECT_EQ(flat.add(4), HUGE_VAL);
}

TEST(HoltWinters, LearnsASeasonAndAlarmsAtSevenOfNineOutside) {
    HoltWinters model{{.least_deviation = 0.5}, 24};
    const auto day = [](int hour) { return 100 + 50 * std::sin(hour * 3.14159265 / 12); };
    HoltWinters::Reading last;
    int hour = 0;
    for (; hour < 24 * 60; ++hour) {
        last = model.add(day(hour), static_cast<std::size_t>(hour));
        if (hour > 24 * 40) EXPECT_FALSE(last.alarm) << hour;
    }
    EXPECT_NEAR(last.error, 0, 2);
    int alarms = 0;
    for (int i = 0; i < 9; ++i, ++hour) {
        const auto seen = model.add(day(hour) + 300, static_cast<std::size_t>(hour));
        EXPECT_TRUE(i > 2 || seen.outside) << i;
        alarms += seen.alarm ? 1 : 0;
        if (i < 6) EXPECT_FALSE(seen.alarm) << i;
    }
    EXPECT_GT(alarms, 0);
}

TEST(HoltWinters, SaysNothingOfAPlaceItHasNeverSeen) {
    HoltWinters model{{}, 10};
    for (int round = 0; round < 30; ++round)
        for (std::size_t place = 0; place < 5; ++place) (void)model.add(10, place);
    const auto seen = model.add(1000, 7);
    EXPECT_FALSE(seen.outside);
    EXPECT_EQ(seen.deviation, 0);
    EXPECT_NEAR(seen.expected, 10, 0.1);
}

TEST(Calendar, CountsPollingDayFromTheCloseAndOtherDaysByTheClock) {
    const auto closes = parse_rfc3339("2024-11-27T13:00:00+07:00");
    const Calendar calendar{closes, std::chrono::hours{7}};
    const auto at_close = calendar.place_of(*closes);
    EXPECT_TRUE(at_close.polling);
    EXPECT_EQ(at_close.index, 72u);  // 12 hours of ten minutes
    EXPECT_EQ(calendar.place_of(*closes + std::chrono::hours{6}).index, 72u + 36u);
    EXPECT_EQ(calendar.place_of(*closes + std::chrono::hours{35}).index, 72u + 210u);
    EXPECT_FALSE(calendar.place_of(*closes + std::chrono::hours{36}).polling);
    const auto other = calendar.place_of(*parse_rfc3339("2024-12-01T00:10:00+07:00"));
    EXPECT_FALSE(other.polling);
    EXPECT_EQ(other.index, 2u);
    EXPECT_EQ(Calendar{}.place_of(*parse_rfc3339("2024-11-27T06:59:59Z")).index, 167u);
    EXPECT_LT(Calendar{}.place_of(*parse_rfc3339("1960-01-01T06:00:00Z")).index, 288u);
}

}  // namespace
}  // namespace kentongan::anomaly
