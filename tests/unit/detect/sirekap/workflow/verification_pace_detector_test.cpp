#include "daemon/detect/sirekap/workflow/verification_pace_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

using testing::HasSubstr;

struct VerificationPace : testing::Test, Watched<VerificationPaceDetector> {
    VerificationPace() : Watched{VerificationPaceDetector{WorkflowOptions{}}, {}} {}
    Doing verify(double at, int tps) {
        Doing out{"rekap.verify", at, fmt::format("31710110{:02}{:03}", 10 + tps / 900, tps % 900)};
        out.by("ppk.317101", "ppk");
        return out;
    }
};

TEST_F(VerificationPace, FiveTimesSoonerThanFiveSecondsIsTooQuick) {
    for (int i = 0; i < 4; ++i) take(verify(17.0 * i * i, i).with("sirekap.since_open_ms", 900));
    EXPECT_TRUE(findings.all.empty());
    take(verify(300, 5).with("sirekap.since_open_ms", 4900));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().entity, "ppk.317101");
    EXPECT_EQ(last().severity, Severity::medium);
    EXPECT_THAT(last().message, HasSubstr("less than 5 s after opening each"));
}

TEST_F(VerificationPace, TheOpeningIsTakenFromTheViewWhenTheLogDoesNotSay) {
    for (int i = 0; i < 5; ++i) {
        Doing view{"tps.view", 31.0 * i * i, fmt::format("3171011010{:03}", i)};
        take(view.by("ppk.317101", "ppk"));
        take(verify(31.0 * i * i + 2, i));
    }
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST_F(VerificationPace, APractisedOperatorOnACleanQueueIsSilent) {
    std::mt19937 random{7};
    double at = 0;
    for (int i = 0; i < 110; ++i) {
        const double gap = 8 + 2 * static_cast<double>(random() % 1000) / 1000;
        take(verify(at += gap, i).with("sirekap.since_open_ms", (gap - 0.5) * 1000));
    }
    EXPECT_TRUE(findings.all.empty()) << last().message;
}

TEST_F(VerificationPace, MoreThanTheSettingWithinAnHourIsLowAndMoreThan450Medium) {
    std::mt19937 random{7};
    double at = 0;
    for (int i = 0; i < 500; ++i) take(verify(at += 2 + static_cast<double>(random() % 8), i));
    ASSERT_EQ(findings.all.size(), 2u);
    EXPECT_EQ(findings.all[0].severity, Severity::low);
    EXPECT_THAT(findings.all[0].message, HasSubstr("more than 120 TPS within an hour"));
    EXPECT_EQ(findings.all[1].severity, Severity::medium);
    EXPECT_THAT(findings.all[1].message, HasSubstr("more than 450"));
}

TEST_F(VerificationPace, AProgramsRhythmIsFoundAtTheTwentyFirst) {
    for (int i = 0; i < 20; ++i) take(verify(12.0 * i, i));
    EXPECT_TRUE(findings.all.empty());
    take(verify(240.1, 20));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_THAT(last().message, HasSubstr("as a program does"));
}

TEST_F(VerificationPace, NotHavingLookedCountsOnceTheLogRecordsLooks) {
    for (int i = 0; i < 6; ++i) take(verify(7.0 * i * i, i));
    EXPECT_TRUE(findings.all.empty()) << "nobody's looks are recorded";
    for (int i = 0; i < 20; ++i) {
        Doing view{"tps.view", 300.0 + i, fmt::format("3171021001{:03}", i)};
        take(view.by("ppk.317102", "ppk"));
    }
    for (int i = 0; i < 5; ++i) take(verify(330 + 7.0 * i * i, 100 + i));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_THAT(last().message, HasSubstr("without having looked at them"));
}

TEST_F(VerificationPace, IsToldOnceAnHour) {
    for (int i = 0; i < 60; ++i)
        take(verify(30.0 * i + (i * i % 17), i).with("sirekap.since_open_ms", 100));
    EXPECT_EQ(findings.all.size(), 1u);
}

}  // namespace
}  // namespace kentongan::sirekap
