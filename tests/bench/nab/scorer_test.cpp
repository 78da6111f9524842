#include "tests/bench/nab/scorer.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace kentongan::nab {
namespace {

constexpr Profile kStandard = kProfiles[0];

/// A hundred rows; 15 are not scored. The window is rows 40 to 49.
Judged file_with_alarms_at(std::initializer_list<std::size_t> rows) {
    Judged out{std::vector<double>(100, 0), {{40, 49}}};
    for (const auto row : rows) out.scores[row] = 1;
    return out;
}
double sigmoid(double y) { return 2 / (1 + std::exp(5 * y)) - 1; }

TEST(NabScorer, SilenceScoresNullAndTheEarliestHitIsPerfect) {
    EXPECT_DOUBLE_EQ(score({file_with_alarms_at({})}, kStandard).final, 0);
    const auto perfect = score({file_with_alarms_at({40})}, kStandard);
    EXPECT_DOUBLE_EQ(perfect.final, 100);
    EXPECT_EQ(perfect.windows_hit, 1u);
    EXPECT_EQ(perfect.false_positives, 0u);
}

TEST(NabScorer, OnlyTheBestAlarmInAWindowCounts) {
    const auto one = score({file_with_alarms_at({45})}, kStandard);
    EXPECT_DOUBLE_EQ(score({file_with_alarms_at({45, 46, 49})}, kStandard).final, one.final);
    // Five rows of ten are left: y = -5/10.
    EXPECT_NEAR(one.final, 100 * (sigmoid(-0.5) / sigmoid(-1) + 1) / 2, 1e-9);
}

TEST(NabScorer, AnAlarmOutsideCostsLessShortlyAfterAWindow) {
    // Without a window before it the full weight is due, .11 of a span of 2.
    EXPECT_NEAR(score({file_with_alarms_at({20, 40})}, kStandard).final, 100 * (2 - .11) / 2, 1e-9);
    const auto after = score({file_with_alarms_at({40, 52})}, kStandard);
    EXPECT_NEAR(after.final, 100 * (2 + .11 * sigmoid(3.0 / 9)) / 2, 1e-9);
    EXPECT_EQ(after.false_positives, 1u);
    EXPECT_NEAR(score({file_with_alarms_at({40, 90})}, kStandard).final, 100 * (2 - .11) / 2, 1e-9);
}

TEST(NabScorer, TheFirstRowsAreNotScored) {
    EXPECT_DOUBLE_EQ(score({file_with_alarms_at({3, 14, 40})}, kStandard).final, 100);
    EXPECT_LT(score({file_with_alarms_at({15, 40})}, kStandard).final, 100);
    EXPECT_EQ(probation(100), 15u);
    EXPECT_EQ(probation(22695), 750u);
}

TEST(NabScorer, OneThresholdHoldsForTheWholeCorpus) {
    Judged clear = file_with_alarms_at({});
    clear.scores[40] = 0.9;
    Judged vague = file_with_alarms_at({});
    vague.scores[40] = 0.5;
    for (std::size_t row = 60; row < 100; ++row) vague.scores[row] = 0.5;
    // Taking the second hit would cost forty alarms.
    const auto out = score({clear, vague}, kStandard);
    EXPECT_DOUBLE_EQ(out.threshold, 0.9);
    EXPECT_DOUBLE_EQ(out.final, 50);
    EXPECT_EQ(out.windows_hit, 1u);
    EXPECT_EQ(out.windows, 2u);
}

TEST(NabScorer, AMissedWindowCostsTwiceWhereMissesAreDear) {
    Judged two{std::vector<double>(100, 0), {{40, 49}, {70, 79}}};
    two.scores[40] = 1;
    EXPECT_DOUBLE_EQ(score({two}, kProfiles[0]).final, 50);
    EXPECT_NEAR(score({two}, kProfiles[2]).final, 100.0 * (1 - 2 + 4) / 6, 1e-9);
}

}  // namespace
}  // namespace kentongan::nab
