#include "daemon/deliver/retry_schedule.hpp"

#include <gtest/gtest.h>

namespace kentongan {
namespace {

using State = DeliveryOutcome::State;
using std::chrono::seconds;

Result<Receipt> answered(int status, std::optional<seconds> retry_after = std::nullopt) {
    return Receipt{status, "body", retry_after};
}
const Result<Receipt> kNoAnswer = fail(ErrorCode::unavailable, "connecting: refused");

void expect_within_a_fifth(Duration actual, seconds expected) {
    EXPECT_GE(actual, expected * 8 / 10);
    EXPECT_LE(actual, expected * 12 / 10 + std::chrono::milliseconds{200 * expected.count()});
    EXPECT_LE(to_seconds(actual), 1.2 * static_cast<double>(expected.count()));
    EXPECT_GE(to_seconds(actual), 0.8 * static_cast<double>(expected.count()));
}

TEST(RetrySchedule, QuickAtFirstThenEveryMinute) {
    const RetrySchedule schedule{{}};
    int attempts = 0;
    for (const int expected : {1, 2, 5, 10, 30, 60, 60, 60})
        expect_within_a_fifth(schedule.pause(7, ++attempts), seconds{expected});
}

TEST(RetrySchedule, NeverPausesLongerThanTheSetting) {
    const RetrySchedule schedule{{.longest = seconds{4}}};
    for (int attempts = 3; attempts < 50; ++attempts)
        expect_within_a_fifth(schedule.pause(1, attempts), seconds{4});
}

TEST(RetrySchedule, JitterIsTheSameForTheSameSeedAndSpreadsOtherwise) {
    const RetrySchedule one{{.seed = 1}};
    const RetrySchedule two{{.seed = 2}};
    EXPECT_EQ(one.pause(3, 9), one.pause(3, 9));
    EXPECT_NE(one.pause(3, 9), one.pause(3, 10));
    EXPECT_NE(one.pause(3, 9), one.pause(4, 9));
    EXPECT_NE(one.pause(3, 9), two.pause(3, 9));
}

TEST(RetrySchedule, OnlyTwoHundredsAreSuccess) {
    const RetrySchedule schedule{{}};
    for (int status = 200; status < 600; ++status) {
        const auto verdict = schedule.judge(answered(status), {.sequence = 1, .attempts = 1});
        EXPECT_EQ(verdict.state == State::delivered, status < 300) << status;
        EXPECT_EQ(verdict.rejected, status == 400 || status == 413 || status == 422) << status;
        EXPECT_EQ(verdict.gone, status == 410) << status;
        if (status >= 300) expect_within_a_fifth(verdict.wait, seconds{1});
    }
    EXPECT_EQ(schedule.judge(kNoAnswer, {.sequence = 1, .attempts = 1}).state, State::retry);
}

TEST(RetrySchedule, RetryAfterIsHonouredUpToACap) {
    const RetrySchedule schedule{{}};
    const AttemptHistory history{.sequence = 1, .attempts = 1};
    EXPECT_EQ(schedule.judge(answered(429, seconds{7}), history).wait, seconds{7});
    EXPECT_EQ(schedule.judge(answered(503, seconds{86400}), history).wait, seconds{300});
    expect_within_a_fifth(schedule.judge(answered(429, seconds{0}), history).wait, seconds{1});
}

TEST(RetrySchedule, PutsAMessageAsideAtItsTwentiethRejection) {
    const RetrySchedule schedule{{}};
    AttemptHistory history{.sequence = 1, .attempts = 500, .rejections = 18};
    EXPECT_EQ(schedule.judge(answered(422), history).state, State::retry);
    history.rejections = 19;
    EXPECT_EQ(schedule.judge(answered(422), history).state, State::dead);
    EXPECT_EQ(schedule.judge(answered(500), history).state, State::retry);
}

TEST(RetrySchedule, PutsAMessageAsideWhenItIsTooOld) {
    const RetrySchedule schedule{{.give_up = std::chrono::hours{72}}};
    AttemptHistory history{.sequence = 1, .attempts = 9, .age = std::chrono::hours{72}};
    EXPECT_EQ(schedule.judge(kNoAnswer, history).state, State::retry);
    history.age += seconds{1};
    EXPECT_EQ(schedule.judge(kNoAnswer, history).state, State::dead);
    EXPECT_EQ(schedule.judge(answered(200), history).state, State::delivered);
}

TEST(RetrySchedule, TheDetailIsPrintableAndShort) {
    const RetrySchedule schedule{{}};
    Receipt receipt{503, std::string(5000, '\xff'), std::nullopt};
    const auto verdict = schedule.judge(receipt, {.sequence = 1, .attempts = 1});
    EXPECT_TRUE(verdict.detail.starts_with("HTTP 503: \\x")) << verdict.detail;
    EXPECT_LE(verdict.detail.size(), 1024 + std::string_view{"…"}.size());
}

}  // namespace
}  // namespace kentongan
