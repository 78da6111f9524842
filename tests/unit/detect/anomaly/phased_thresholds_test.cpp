// Thresholds that change with the election's phase, in detectors that run.
#include "daemon/detect/anomaly/phased_thresholds.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/detect/anomaly/brute_force_detector.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

const Timestamp kPolls = *parse_rfc3339("2024-11-27T00:00:00Z");
using std::chrono::hours;

AnomalyOptions guessing_after(std::int64_t failures) {
    AnomalyOptions out;
    out.brute_force_failures = failures;
    return out;
}

class PhasedThresholdsTest : public testing::Test {
  protected:
    PhasedThresholdsTest() {
        slot_->store(std::make_shared<const PhaseTable>(
            PhaseTable{guessing_after(10),
                       {{kPolls, kPolls + hours{24}, guessing_after(5)},
                        {kPolls + hours{7}, kPolls + hours{13}, guessing_after(3)}}}));
    }
    /// Findings after so many failed logins, a second apart, each time by somebody else.
    std::size_t told_of(int failures, Timestamp from) {
        findings_.all.clear();
        ++source_;
        for (int i = 0; i < failures; ++i) {
            const Timestamp at = from + std::chrono::seconds{i};
            phases_.advance(at, findings_);
            detector_.inspect(
                an_event()
                    .of(EventKind::auth)
                    .at(at)
                    .with(Field::event_outcome, "failure")
                    .with(Field::user_name, "root")
                    .with(Field::source_ip,
                          IpAddress::parse(fmt::format("203.0.113.{}", source_)).value())
                    .build(),
                findings_);
        }
        return findings_.all.size();
    }

    std::shared_ptr<PhaseSlot> slot_ = std::make_shared<PhaseSlot>();
    BruteForceDetector detector_{guessing_after(10)};
    PhasedThresholds phases_{slot_, {&detector_}};
    RecordingFindings findings_;
    int source_ = 0;
};

TEST_F(PhasedThresholdsTest, EachPhaseHasItsOwnAndOfThoseThatOverlapTheLastBegunGoverns) {
    EXPECT_EQ(told_of(9, kPolls - hours{1}), 0u);
    EXPECT_EQ(told_of(10, kPolls - hours{1} + std::chrono::minutes{1}), 1u);
    EXPECT_EQ(told_of(4, kPolls), 0u);
    EXPECT_EQ(told_of(5, kPolls + hours{1}), 1u);
    EXPECT_EQ(told_of(2, kPolls + hours{7}), 0u);
    EXPECT_EQ(told_of(3, kPolls + hours{8}), 1u);
    EXPECT_EQ(told_of(4, kPolls + hours{13}), 0u);
    EXPECT_EQ(told_of(9, kPolls + hours{24}), 0u);
}

TEST_F(PhasedThresholdsTest, AnotherTableHoldsAtOnce) {
    EXPECT_EQ(told_of(4, kPolls), 0u);
    slot_->store(std::make_shared<const PhaseTable>(PhaseTable{guessing_after(4), {}}));
    EXPECT_EQ(told_of(4, kPolls + hours{1}), 1u);
}

TEST_F(PhasedThresholdsTest, WhatWasSeenBeforeALowerLimitCounts) {
    EXPECT_EQ(told_of(9, kPolls - std::chrono::seconds{9}), 0u);
    --source_;
    EXPECT_EQ(told_of(1, kPolls), 1u) << "the tenth in all, and more than five";
}

}  // namespace
}  // namespace kentongan::anomaly
