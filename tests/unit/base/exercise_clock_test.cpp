#include "daemon/base/exercise_clock.hpp"

#include <gtest/gtest.h>

#include "tests/support/test_clock.hpp"

namespace kentongan {
namespace {

using std::chrono::seconds;

const Timestamp kBegan = *parse_rfc3339("2026-11-25T14:00:00Z");
const Timestamp kNight = *parse_rfc3339("2024-11-27T06:00:00Z");

TEST(ExerciseClock, RunsAtItsOwnSpeedFromTheGivenInstant) {
    ManualClock real{kBegan};
    const ExerciseClock clock{kBegan, kNight, 60, real};
    EXPECT_EQ(clock.now(), kNight);
    real.advance(seconds{10});
    EXPECT_EQ(clock.now(), kNight + seconds{600});
    EXPECT_EQ(clock.real(kNight + seconds{600}), kBegan + seconds{10});
}

TEST(ExerciseClock, OneThatStartsLaterGoesOnWhereTheFirstIs) {
    ManualClock real{kBegan + seconds{100}};
    const ExerciseClock clock{kBegan, kNight, 2.5, real};
    EXPECT_EQ(clock.now(), kNight + seconds{250});
}

}  // namespace
}  // namespace kentongan
