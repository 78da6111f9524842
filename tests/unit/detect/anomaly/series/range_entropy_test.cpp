#include "daemon/detect/anomaly/series/range_entropy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace kentongan::anomaly {
namespace {

using enum RangeEntropy::Verdict;

constexpr std::size_t kWarmUp = 200;

/// Learnt 200 samples between 0 and 100, evenly spread.
RangeEntropy a_learned_one() {
    RangeEntropy out{kWarmUp};
    for (std::size_t i = 0; i < kWarmUp; ++i)
        EXPECT_EQ(out.add(static_cast<double>(i * 37 % 101)), learning);
    return out;
}

TEST(RangeEntropy, AlarmsOutsideTheRangeSeenAndItsMargin) {
    RangeEntropy one = a_learned_one();
    EXPECT_DOUBLE_EQ(one.high(), 105);
    EXPECT_DOUBLE_EQ(one.low(), -5);
    EXPECT_EQ(one.add(104.9), ordinary);
    EXPECT_NEAR(one.high(), 104.9 * 1.05, 1e-9);  // the range runs along
    EXPECT_EQ(one.add(120), out_of_range);
}

TEST(RangeEntropy, AlarmsOnADistributionThatIsUnlikeAllBefore) {
    RangeEntropy one = a_learned_one();
    std::size_t samples = 0;
    auto verdict = ordinary;
    while (verdict == ordinary && samples < 200) {
        verdict = one.add(50 + 0.1 * static_cast<double>(samples % 5));
        ++samples;
    }
    EXPECT_EQ(verdict, unlike);
    EXPECT_LT(samples, 52u);  // before the window holds nothing else
}

TEST(RangeEntropy, AShiftIsToldOnceAndThenKnown) {
    RangeEntropy one = a_learned_one();
    int alarms = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto verdict = one.add(300 + i % 7);
        alarms += verdict == out_of_range || verdict == unlike ? 1 : 0;
    }
    EXPECT_LE(alarms, 2);
    EXPECT_GE(alarms, 1);
    EXPECT_EQ(one.add(303), ordinary);
}

TEST(RangeEntropy, IsQuietForAFifthOfTheWarmUpAfterAnAlarm) {
    RangeEntropy one = a_learned_one();
    ASSERT_EQ(one.add(1000), out_of_range);
    double value = 1000;
    for (int i = 0; i < 40; ++i) EXPECT_EQ(one.add(value *= 1.2), silenced) << i;
    EXPECT_EQ(one.add(value * 1.2), out_of_range);
}

TEST(RangeEntropy, AVerdictDependsOnThePastAlone) {
    std::mt19937_64 random{3};  // NOLINT
    std::normal_distribution<double> noise{10, 2};
    std::vector<double> series(900);
    for (double& value : series) value = noise(random);
    for (std::size_t i = 600; i < 700; ++i) series[i] += 9;
    RangeEntropy whole{kWarmUp};
    std::vector<RangeEntropy::Verdict> verdicts;
    for (const double value : series) verdicts.push_back(whole.add(value));
    for (const std::size_t cut : {300u, 605u, 660u}) {
        RangeEntropy part{kWarmUp};
        for (std::size_t i = 0; i < cut; ++i) ASSERT_EQ(part.add(series[i]), verdicts[i]);
    }
}

TEST(RangeEntropy, RemembersAtMostSixtyFourHistograms) {
    RangeEntropy one{60};
    std::mt19937_64 random{5};  // NOLINT
    for (int regime = 0; regime < 400; ++regime) {
        const double centre = static_cast<double>(random() % 100);
        const double width = 1 + static_cast<double>(random() % 60);
        for (int i = 0; i < 60; ++i)
            (void)one.add(centre + width * static_cast<double>(random() % 1000) / 1000);
    }
    EXPECT_LE(one.histograms(), 64u);
    EXPECT_GT(one.histograms(), 20u);
}

TEST(RangeEntropy, AConstantSeriesIsSilentUntilItMoves) {
    RangeEntropy one{100};
    for (int i = 0; i < 500; ++i) {
        const auto verdict = one.add(7);
        EXPECT_TRUE(verdict == learning || verdict == ordinary) << i;
    }
    EXPECT_EQ(one.add(std::nan("")), ordinary);
    EXPECT_EQ(one.add(HUGE_VAL), ordinary);
    EXPECT_EQ(one.add(7.1), out_of_range);
}

}  // namespace
}  // namespace kentongan::anomaly
