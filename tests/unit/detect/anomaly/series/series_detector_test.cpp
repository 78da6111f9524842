#include "daemon/detect/anomaly/series/series_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "daemon/detect/anomaly/series/login_ratio_detector.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

struct Minute {
    std::uint32_t requests = 200;
    std::uint32_t client_errors = 0;
    std::uint32_t server_errors = 0;
    std::uint64_t bytes = 0;
    std::uint64_t latency_ms = 0;
    std::uint32_t clients = 0;
};

class SeriesTest : public testing::Test {
  protected:
    LogSecond second_of(const std::string& route, const Minute& what) {
        LogSecond out;
        out.second = now_;
        out.source = "log:web";
        out.events = what.requests;
        LogSecond::Route& one = out.routes.emplace_back();
        one.name = std::make_shared<const std::string>(route);
        one.requests = what.requests;
        one.client_errors = what.client_errors;
        one.server_errors = what.server_errors;
        one.bytes = what.bytes;
        if (what.latency_ms != 0)
            for (std::uint32_t i = 0; i < what.requests; ++i)
                one.latency.add(what.latency_ms * 1000);
        for (std::uint32_t i = 0; i < what.clients; ++i)
            out.clients.push_back(
                HyperLogLog::register_of(KeyedHash{1}(std::to_string(random_())), 12));
        return out;
    }
    void minute(const std::string& route, const Minute& what) {
        detector_.inspect(second_of(route, what), found_);
        pass();
    }
    void pass() {
        now_ += minutes{1};
        detector_.advance(now_ + seconds{5}, found_);
    }
    std::uint32_t noisy(std::uint32_t mean) {
        return static_cast<std::uint32_t>(std::poisson_distribution<int>{double(mean)}(random_));
    }
    /// An ordinary day's minutes.
    void quiet(int count) {
        for (int i = 0; i < count; ++i)
            minute("/hasil", {noisy(200), noisy(4), i % 50 == 0 ? 1U : 0U, 200 * 20'000,
                              80 + random_() % 20, 100});
    }
    const std::vector<Finding>& found() const { return found_.all; }

    SeriesDetector detector_{AnomalyOptions{}};
    Timestamp now_ = *parse_rfc3339("2024-11-20T00:00:00Z");
    std::mt19937_64 random_{1};  // NOLINT
    RecordingFindings found_;
};

TEST_F(SeriesTest, AQuietWeekRaisesNothing) {
    quiet(7 * 24 * 60);
    EXPECT_TRUE(found().empty()) << found()[0].message;
}

TEST_F(SeriesTest, ServerErrorsAreToldOnceWithValueAndExpectation) {
    quiet(300);
    for (int i = 0; i < 20; ++i) minute("/hasil", {.requests = 200, .server_errors = 50});
    ASSERT_EQ(found().size(), 1u);
    const Finding& finding = found()[0];
    EXPECT_EQ(finding.rule->id, "anomaly:error-share");
    EXPECT_TRUE(finding.rule->advisory);
    EXPECT_EQ(finding.entity, "log:web");
    EXPECT_THAT(finding.message, StartsWith("log:web: server errors 25.0 % in the 60 s to "
                                            "2024-11-20T05:01:00Z (of 200); usually 0."));
    EXPECT_THAT(finding.message, HasSubstr("in 5 h 0 min before, mostly /hasil"));
}

TEST_F(SeriesTest, ErrorsOfOneRouteAmongManyRequestsAreToldOfTheRoute) {
    for (int i = 0; i < 170; ++i) {
        detector_.inspect(
            second_of("/upload/{tps}", {.requests = 50, .server_errors = i < 160 ? 0U : 20U}),
            found_);
        detector_.inspect(second_of("/hasil", {.requests = 2000}), found_);
        pass();
    }
    ASSERT_EQ(found().size(), 1u);
    EXPECT_EQ(found()[0].entity, "log:web /upload/{tps}");
}

TEST_F(SeriesTest, SlowAnswersAreTold) {
    quiet(300);
    for (int i = 0; i < 5; ++i) minute("/hasil", {.requests = 200, .latency_ms = 3000});
    ASSERT_FALSE(found().empty());
    EXPECT_EQ(found()[0].rule->id, "anomaly:latency");
    EXPECT_THAT(found()[0].message, HasSubstr("95 % of answers within 2."));
}

TEST_F(SeriesTest, ACrowdThatComesAllAtOnceIsToldAndAGrowingOneIsNot) {
    quiet(300);
    for (int i = 0; i < 60; ++i)
        minute("/hasil", {.requests = static_cast<std::uint32_t>(200 * std::pow(1.05, i))});
    EXPECT_TRUE(found().empty()) << found()[0].message;
    for (int i = 0; i < 10; ++i) minute("/hasil", {.requests = 40'000});
    ASSERT_FALSE(found().empty());
    EXPECT_EQ(found()[0].rule->id, "anomaly:request-rate");
    EXPECT_THAT(found()[0].message, HasSubstr("requests 40000 in the 60 s"));
}

TEST_F(SeriesTest, FewClientsWithManyRequestsEachAreTold) {
    quiet(300);
    for (int i = 0; i < 5; ++i) minute("/hasil", {.requests = 300, .clients = 5});
    ASSERT_FALSE(found().empty());
    EXPECT_THAT(found()[0].message, HasSubstr("requests of a client address"));
}

TEST_F(SeriesTest, ASilentLogAddsNoSamplesAndARestNoAlarm) {
    quiet(300);
    now_ += std::chrono::hours{5};
    detector_.advance(now_, found_);
    quiet(50);
    EXPECT_TRUE(found().empty()) << found()[0].message;
}

TEST_F(SeriesTest, OneLineFromTheFarFutureDoesNotBlindIt) {
    quiet(300);
    LogSecond forged = second_of("/hasil", {.requests = 1});
    forged.second = *parse_rfc3339("2099-01-01T00:00:00Z");
    detector_.inspect(forged, found_);
    quiet(40);
    EXPECT_TRUE(found().empty());
    for (int i = 0; i < 3; ++i) minute("/hasil", {.requests = 200, .server_errors = 50});
    EXPECT_EQ(found().size(), 1u);
}

TEST_F(SeriesTest, LateSecondsAreCountedAndTheTableIsBounded) {
    quiet(2);
    LogSecond late = second_of("/hasil", {.requests = 7});
    late.second -= minutes{10};
    detector_.inspect(late, found_);
    EXPECT_EQ(detector_.counts().front().total, 7u);
    for (int i = 0; i < 5000; ++i)
        detector_.inspect(second_of("/r" + std::to_string(i), {.requests = 1}), found_);
    EXPECT_LE(detector_.entries(), 2048u);
    EXPECT_GT(detector_.evicted(), 2900u);
    pass();
}

class LoginRatioTest : public testing::Test {
  protected:
    void minute(std::uint32_t failed, std::uint32_t succeeded) {
        LogSecond second;
        second.second = now_;
        second.source = "log:auth";
        second.logins_failed = failed;
        second.logins_succeeded = succeeded;
        detector_.inspect(second, found_);
        now_ += minutes{1};
        detector_.advance(now_ + seconds{5}, found_);
    }
    LoginRatioDetector detector_{AnomalyOptions{}};
    Timestamp now_ = *parse_rfc3339("2024-11-27T11:00:00Z");
    RecordingFindings found_;
};

TEST_F(LoginRatioTest, AShareOfFailuresFarAboveTheUsualIsToldOnce) {
    for (std::uint32_t i = 0; i < 60; ++i) minute(4 + i % 3, 95);
    EXPECT_TRUE(found_.all.empty());
    for (int i = 0; i < 5; ++i) minute(150, 100);
    ASSERT_EQ(found_.all.size(), 1u);
    EXPECT_EQ(found_.all[0].rule->id, "anomaly:login-failure-ratio");
    EXPECT_THAT(found_.all[0].message, StartsWith("150 of 250 logins failed in the 60 s to "
                                                  "2024-11-27T12:01:00Z, 60.0 %; usually "));
}

// Thousands behind one carrier, polling night: far more logins that fail as often as ever.
TEST_F(LoginRatioTest, ACrowdThatMistypesAsUsualIsNot) {
    for (int i = 0; i < 60; ++i) minute(20, 80);
    for (int i = 0; i < 60; ++i) minute(2000 + 30 * static_cast<std::uint32_t>(i), 8000);
    EXPECT_TRUE(found_.all.empty());
}

TEST_F(LoginRatioTest, AHandfulOfLoginsIsNoSample) {
    for (int i = 0; i < 60; ++i) minute(5, 95);
    for (int i = 0; i < 30; ++i) minute(19, 0);
    EXPECT_TRUE(found_.all.empty());
}

}  // namespace
}  // namespace kentongan::anomaly
