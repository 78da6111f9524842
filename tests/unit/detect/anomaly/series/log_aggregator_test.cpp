#include "daemon/detect/anomaly/series/log_aggregator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/detect/anomaly/series/hyperloglog.hpp"
#include "tests/support/event_builder.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

class LogAggregatorTest : public testing::Test {
  protected:
    EventBuilder request(double second, std::string_view path, int status = 200) {
        return an_event()
            .of(EventKind::web)
            .at(kStart + milliseconds{static_cast<std::int64_t>(second * 1000)})
            .in("/var/log/nginx/access.log", ++position_)
            .saying("GET …")
            .with(Field::url_path, path)
            .with(Field::http_response_status_code, status);
    }
    void add(const EventBuilder& event) {
        if (auto done = log_.add(event.build())) seconds_.push_back(std::move(*done));
    }
    void add_lines(int count, double second) {
        for (int i = 0; i < count; ++i)
            add(an_event().at(kStart + milliseconds{static_cast<std::int64_t>(second * 1000)}));
    }
    void finish() {
        if (auto done = log_.finish()) seconds_.push_back(std::move(*done));
    }
    static const LogSecond::Route* route(const LogSecond& second, std::string_view name) {
        for (const auto& route : second.routes)
            if (*route.name == name) return &route;
        return nullptr;
    }

    LogAggregator log_{"log:web", 7};
    std::uint64_t position_ = 0;
    std::vector<LogSecond> seconds_;
};

TEST_F(LogAggregatorTest, GivesEachSecondOnceItIsOver) {
    add_lines(3, 0.2);
    add_lines(2, 0.9);
    EXPECT_TRUE(seconds_.empty());
    add_lines(4, 1.0);
    add_lines(1, 5.5);
    finish();
    ASSERT_EQ(seconds_.size(), 3u);
    EXPECT_EQ(seconds_[0].second, kStart);
    EXPECT_EQ(seconds_[0].events, 5u);
    EXPECT_EQ(seconds_[1].events, 4u);
    EXPECT_EQ(seconds_[2].second, kStart + seconds{5});
    EXPECT_EQ(seconds_[2].source, "log:web");
    EXPECT_TRUE(seconds_[2].ended);
    EXPECT_FALSE(seconds_[1].ended);
}

TEST_F(LogAggregatorTest, CountsARoutesRequestsErrorsBytesAndLatency) {
    for (int i = 0; i < 40; ++i) add(request(0.1, "/upload/3174021004010"));
    add(request(1, "/upload/3174021004011", 503)
            .with(Field::http_response_body_bytes, 700)
            .with(Field::event_duration, std::int64_t{250'000'000}));
    add(request(1, "/upload/3174021004012", 404).with(Field::http_response_body_bytes, "300"));
    finish();
    const auto* upload = route(seconds_[1], "/upload/{tps}");
    ASSERT_NE(upload, nullptr);
    EXPECT_EQ(upload->requests, 2u);
    EXPECT_EQ(upload->server_errors, 1u);
    EXPECT_EQ(upload->client_errors, 1u);
    EXPECT_EQ(upload->bytes, 1000u);
    EXPECT_EQ(upload->latency.count, 1u);
    EXPECT_NEAR(static_cast<double>(upload->latency.quantile(0.95)), 250e3, 65e3);
}

TEST_F(LogAggregatorTest, ARouteHasNoNameUntilItIsAskedForTwentyTimes) {
    for (int i = 0; i < 25; ++i) add(request(0.1, "/hasil"));
    finish();
    ASSERT_EQ(seconds_.size(), 1u);
    EXPECT_EQ(route(seconds_[0], "other")->requests, 19u);
    EXPECT_EQ(route(seconds_[0], "/hasil")->requests, 6u);
}

TEST_F(LogAggregatorTest, ManyRoutesAreBoundedAndNoRequestIsLost) {
    std::uint64_t sent = 0;
    for (int round = 0; round < 30; ++round)
        for (int i = 0; i < 100; ++i, ++sent)
            add(request(0.5, "/page-" + std::string(1 + static_cast<std::size_t>(i) % 10, 'a') +
                                 static_cast<char>('a' + i / 10)));
    for (int i = 0; i < 50'000; ++i, ++sent)
        add(request(0.6, "/scan-" + std::string(1, static_cast<char>('a' + i % 26)) + "-" +
                             static_cast<char>('a' + i / 26 % 26) +
                             static_cast<char>('a' + i / 676 % 26)));
    finish();
    ASSERT_EQ(seconds_.size(), 1u);
    EXPECT_LE(seconds_[0].routes.size(), 64u);
    std::uint64_t counted = 0;
    for (const auto& route : seconds_[0].routes) counted += route.requests;
    EXPECT_EQ(counted, sent);
    EXPECT_GT(log_.evicted(), 1000u);
}

TEST_F(LogAggregatorTest, CountsDistinctClientsInRegisters) {
    for (int i = 0; i < 3000; ++i)
        add(request(0.5, "/").with(
            Field::source_ip, *IpAddress::parse("10.1." + std::to_string(i % 1000 / 250) + "." +
                                                std::to_string(i % 250))));
    add(request(1.5, "/").with(Field::source_ip, "192.0.2.1"));
    finish();
    ASSERT_EQ(seconds_.size(), 2u);
    HyperLogLog sketch{12};
    for (const auto which : seconds_[0].clients) sketch.add_register(which);
    EXPECT_NEAR(sketch.estimate(), 1000, 50);
    EXPECT_LE(seconds_[0].clients.size(), 4096u);
    EXPECT_EQ(seconds_[1].clients.size(), 1u);
}

TEST_F(LogAggregatorTest, CountsLogins) {
    for (const auto* outcome : {"failure", "failure", "success", "unknown"})
        add(an_event().of(EventKind::auth).at(kStart).with(Field::event_outcome, outcome));
    finish();
    EXPECT_EQ(seconds_[0].logins_failed, 2u);
    EXPECT_EQ(seconds_[0].logins_succeeded, 1u);
    EXPECT_EQ(seconds_[0].events, 4u);
    EXPECT_TRUE(seconds_[0].routes.empty());
}

TEST_F(LogAggregatorTest, AFewLateEventsCountInTheOpenSecondAndAsLate) {
    add_lines(1, 100);
    add_lines(2, 40);
    add_lines(1, 100.5);
    finish();
    ASSERT_EQ(seconds_.size(), 1u);
    EXPECT_EQ(seconds_[0].events, 4u);
    EXPECT_EQ(seconds_[0].late, 2u);
    EXPECT_EQ(seconds_[0].lateness, seconds{60});
    EXPECT_EQ(seconds_[0].stepped_back, Duration{0});
}

TEST_F(LogAggregatorTest, EightInARowMeanThatTheClockWasSetBack) {
    add_lines(5, 4000);
    for (int i = 0; i < 20; ++i) add_lines(1, 400 + i);
    finish();
    ASSERT_GE(seconds_.size(), 2u);
    EXPECT_EQ(seconds_[0].second, kStart + seconds{4000});
    EXPECT_EQ(seconds_[0].late, 0u);  // they were not late
    EXPECT_EQ(seconds_[0].lateness, Duration{0});
    EXPECT_EQ(seconds_[1].second, kStart + seconds{407});
    EXPECT_EQ(seconds_[1].stepped_back, seconds{3593});
    EXPECT_EQ(seconds_[2].stepped_back, Duration{0});
    std::uint32_t all = 0;
    for (const auto& second : seconds_) all += second.events;
    EXPECT_EQ(all, 25u);
}

TEST_F(LogAggregatorTest, JitterOfASecondIsNoStep) {
    add_lines(1, 100);
    for (int i = 0; i < 100; ++i) add_lines(1, 99 + 0.01 * i);
    finish();
    for (const auto& second : seconds_) EXPECT_EQ(second.stepped_back, Duration{0});
}

TEST_F(LogAggregatorTest, AnIdleLogsSecondIsClosedAndMayGoOn) {
    add_lines(2, 7);
    auto part = log_.close();
    ASSERT_TRUE(part);
    EXPECT_EQ(part->events, 2u);
    EXPECT_FALSE(log_.close());
    add_lines(1, 7.9);
    const auto rest = log_.close();
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->second, part->second);
    EXPECT_EQ(rest->events, 1u);
}

TEST_F(LogAggregatorTest, RemembersTheLastLineAndWhereItWas) {
    add(request(0.1, "/a").saying("first"));
    add(request(0.2, "/b").saying(std::string(5000, 'x')));
    add(request(1.2, "/c").saying("next"));
    finish();
    EXPECT_EQ(seconds_[0].last.position, 2u);
    EXPECT_EQ(seconds_[0].last.source, "/var/log/nginx/access.log");
    EXPECT_EQ(seconds_[0].line, std::string(1024, 'x'));
    EXPECT_TRUE(seconds_[0].line_cut);
    EXPECT_EQ(seconds_[1].line, "next");
    EXPECT_FALSE(seconds_[1].line_cut);
}

TEST(LogAggregator, ALogWithoutEventsHasNoSecond) {
    LogAggregator log{"log:empty", 0};
    EXPECT_FALSE(log.close());
    EXPECT_FALSE(log.finish());
}

}  // namespace
}  // namespace kentongan::anomaly
