// The detectors of peers: steady calls, spreading hosts, new services, connections held open.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "daemon/detect/anomaly/beacon_detector.hpp"
#include "daemon/detect/anomaly/fan_out_detector.hpp"
#include "daemon/detect/anomaly/slow_detector.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-25T00:00:00Z");

AnomalyOptions the_options() {
    AnomalyOptions out;
    out.beacon_allowed = {IpNetwork::parse("192.0.2.0/24").value()};
    out.management_hosts = {IpNetwork::parse("10.20.0.250/32").value()};
    return out;
}

class ConnectionTest : public testing::Test {
  protected:
    struct Kind {
        std::int64_t sent = 400;
        std::int64_t back = 900;
        double lasted = 0.2;
    };
    void connect(std::string_view from, std::string_view to, int port) {
        connect(from, to, port, Kind{});
    }
    void connect(std::string_view from, std::string_view to, int port, Kind kind) {
        const Event event =
            an_event()
                .of(EventKind::conn)
                .at(now_)
                .in("conn.log", ++position_)
                .with(Field::source_ip, IpAddress::parse(from).value())
                .with(Field::destination_ip, IpAddress::parse(to).value())
                .with(Field::destination_port, port)
                .with(Field::source_bytes, kind.sent)
                .with(Field::destination_bytes, kind.back)
                .with(Field::event_duration, static_cast<std::int64_t>(kind.lasted * 1e9))
                .build();
        for (Detector* each : std::initializer_list<Detector*>{&beacon_, &fan_out_, &slow_}) {
            each->advance(now_, findings_);
            each->inspect(event, findings_);
        }
    }
    void beat(int times, double jitter, std::string_view to, std::string_view from = "10.20.0.5") {
        for (int i = 0; i < times; ++i) {
            const double off = std::uniform_real_distribution<>{-jitter, jitter}(random_);
            now_ += std::chrono::milliseconds{static_cast<std::int64_t>(60'000 * (1 + off))};
            connect(from, to, 443);
        }
    }
    std::vector<std::string> told() const {
        std::vector<std::string> out;
        for (const Finding& finding : findings_.all) out.push_back(finding.rule->id);
        return out;
    }

    BeaconDetector beacon_{the_options()};
    FanOutDetector fan_out_{the_options()};
    SlowDetector slow_{the_options()};
    RecordingFindings findings_;
    Timestamp now_ = kStart;
    std::uint64_t position_ = 0;
    std::mt19937 random_{5};
};

TEST_F(ConnectionTest, ABeatOfAMinuteWithAFifthOfJitterIsABeacon) {
    beat(60, 0.2, "203.0.113.9");
    ASSERT_THAT(told(), testing::ElementsAre("anomaly:beacon"));  // once a day
    EXPECT_EQ(findings_.all[0].entity, "10.20.0.5 203.0.113.9");
}

TEST_F(ConnectionTest, CallsAtRandomTimesAreNone) {
    std::exponential_distribution<> wait{1.0 / 60};
    for (int i = 0; i < 300; ++i) {
        now_ += std::chrono::milliseconds{static_cast<std::int64_t>(1000 * wait(random_))};
        connect("10.20.0.5", "203.0.113.9", 443);
    }
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(ConnectionTest, TimeServersInsideHostsAllowedOnesAndShortSpansAreNoBeacons) {
    beat(60, 0.05, "192.0.2.7");
    beat(60, 0.05, "10.20.0.9");
    for (int i = 0; i < 60; ++i, now_ += seconds{64}) connect("10.20.0.5", "203.0.113.1", 123);
    for (int i = 0; i < 60; ++i, now_ += seconds{12}) connect("10.20.0.5", "203.0.113.2", 443);
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(ConnectionTest, WhatATenthOfOurHostsCallIsAnUpdateCheck) {
    for (int i = 0; i < 60; ++i, now_ += seconds{50})
        for (int host = 1; host <= 30; ++host)
            connect(fmt::format("10.20.1.{}", host), "203.0.113.80", 443);
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(ConnectionTest, FiveNewPeersOnAdministrationPortsAreAFanOut) {
    connect("10.20.0.5", "10.20.0.1", 22);
    now_ += hours{2};
    for (int host = 11; host <= 14; ++host)
        connect("10.20.0.5", fmt::format("10.20.0.{}", host), 445);
    EXPECT_THAT(told(), testing::IsEmpty());
    connect("10.20.0.5", "10.20.0.15", 22);
    EXPECT_THAT(told(), testing::ElementsAre("anomaly:lateral-fan-out"));
}

TEST_F(ConnectionTest, KnownPeersManagementHostsAndUnansweredOnesAreNoFanOut) {
    for (int host = 11; host <= 30; ++host)
        connect("10.20.0.5", fmt::format("10.20.0.{}", host), 22);
    now_ += hours{2};
    for (int host = 11; host <= 30; ++host)
        connect("10.20.0.5", fmt::format("10.20.0.{}", host), 22);
    for (int host = 11; host <= 30; ++host)
        connect("10.20.0.250", fmt::format("10.20.0.{}", host), 22);
    for (int host = 31; host <= 60; ++host)
        connect("10.20.0.6", fmt::format("10.20.0.{}", host), 22, {60, 0, 0});
    now_ += minutes{5};
    for (int host = 11; host <= 14; ++host)
        connect("10.20.0.7", fmt::format("10.20.0.{}", host), 22);
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(ConnectionTest, APortThatBeginsToAnswerAfterADayIsANewService) {
    connect("203.0.113.9", "10.20.0.5", 443);
    now_ += hours{25};
    connect("203.0.113.9", "10.20.0.5", 443);
    EXPECT_THAT(told(), testing::IsEmpty());
    connect("203.0.113.9", "10.20.0.5", 4444);
    connect("203.0.113.9", "10.20.0.5", 4444);
    ASSERT_THAT(told(), testing::ElementsAre("anomaly:new-service"));
    EXPECT_EQ(findings_.all[0].entity, "10.20.0.5:4444");
}

TEST_F(ConnectionTest, AClosedOrEphemeralPortAndAHostsFirstDayAreNoNewService) {
    connect("203.0.113.9", "10.20.0.5", 443);
    connect("203.0.113.9", "10.20.0.5", 80);
    now_ += hours{25};
    connect("203.0.113.9", "10.20.0.5", 4444, {60, 0, 0});
    connect("203.0.113.9", "10.20.0.5", 50000);
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(ConnectionTest, FiftySlowConnectionsOfOneSourceAreExhaustion) {
    for (int i = 0; i < 49; ++i) connect("203.0.113.9", "10.20.0.5", 443, {300, 0, 30});
    EXPECT_THAT(told(), testing::IsEmpty());
    connect("203.0.113.9", "10.20.0.5", 443, {300, 0, 30});
    EXPECT_THAT(told(), testing::ElementsAre("anomaly:slow-exhaustion"));
}

// D05, benign: an upload of 4 MB over 2G, and sockets that were answered and then idle.
TEST_F(ConnectionTest, SlowUploadsAndIdleSocketsAreNoExhaustion) {
    for (int i = 0; i < 200; ++i) {
        connect("203.0.113.9", "10.20.0.5", 443, {4'000'000, 0, 1200});
        connect("203.0.113.9", "10.20.0.5", 443, {700, 400, 600});
    }
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(ConnectionTest, HandshakesThatAreMostlyNotFinishedAreExhaustion) {
    for (const int of_ten : {1, 7}) {  // finished; the first is an attack, the second a busy hour
        findings_.all.clear();
        for (int i = 0; i < 3000; ++i)
            slow_.inspect(an_event()
                              .of(EventKind::tls)
                              .at(now_ + std::chrono::milliseconds{3 * i})
                              .in("eth0")
                              .with(Field::destination_ip, IpAddress::parse("10.20.0.5").value())
                              .with(Field::destination_port, 443)
                              .with(Field::tls_established, i % 10 < of_ten)
                              .build(),
                          findings_);
        now_ += minutes{10};
        slow_.advance(now_, findings_);
        EXPECT_EQ(findings_.all.size(), of_ten == 1 ? 1u : 0u);
    }
}

TEST_F(ConnectionTest, InventedPeersAreBoundedAndCounted) {
    AnomalyOptions options;
    options.table_entries = 100;
    beacon_ = BeaconDetector{options};
    for (int i = 0; i < 1000; ++i)
        connect("10.20.0.5", fmt::format("203.0.{}.{}", i / 250, i % 250), 443);
    EXPECT_EQ(beacon_.entries(), 100u);
    EXPECT_EQ(beacon_.evicted(), 1800u);  // pairs, and destinations
}

class HeldTest : public ConnectionTest {
  protected:
    /// Every second of a minute, so many of each kind.
    void hold(std::string_view from, std::uint16_t port, std::uint32_t dribbling,
              std::uint32_t silent) {
        for (int i = 0; i < 60; ++i, now_ += seconds{1}) {
            TrafficSecond traffic;
            traffic.second = now_;
            traffic.source = "eth0";
            traffic.held.push_back({IpAddress::parse(from).value(),
                                    IpAddress::parse("10.20.0.5").value(), port, dribbling,
                                    silent});
            slow_.advance(now_, findings_);
            slow_.inspect(traffic, findings_);
        }
        slow_.end_of_input(findings_);
    }
};

TEST_F(HeldTest, FiftyConnectionsHeldByOneSourceAreToldWhileTheyAreOpen) {
    hold("203.0.113.9", 443, 4, 0);
    EXPECT_THAT(told(), testing::IsEmpty());
    hold("203.0.113.9", 443, 6, 0);
    ASSERT_FALSE(findings_.all.empty());
    EXPECT_EQ(findings_.all[0].rule->id, "anomaly:slow-exhaustion");
    EXPECT_EQ(findings_.all[0].entity, "203.0.113.9 10.20.0.5");
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("holds 60 connections"));
}

// D05, benign: sockets that browsers behind a carrier's address open in advance; syslog over TCP.
TEST_F(HeldTest, SocketsOpenedInAdvanceAndPortsThatAreNotOfTheWebAreNotTold) {
    hold("203.0.113.9", 443, 1, 15);
    hold("203.0.113.9", 6514, 50, 0);
    EXPECT_THAT(told(), testing::IsEmpty());
}

TEST_F(HeldTest, ManySourcesAreJudgedByTheServersWorkersOrByAThousand) {
    hold("::", 443, 60, 0);
    EXPECT_THAT(told(), testing::IsEmpty());
    hold("::", 443, 120, 0);
    EXPECT_THAT(told(), testing::Not(testing::IsEmpty()));
    findings_.all.clear();
    AnomalyOptions options;
    options.web_workers = 256;
    slow_ = SlowDetector{options};
    hold("::", 443, 5, 5);
    EXPECT_THAT(told(), testing::IsEmpty());
    hold("::", 443, 7, 7);
    ASSERT_THAT(told(), testing::Not(testing::IsEmpty()));
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("it serves 256 at once"));
}

TEST_F(ConnectionTest, PeersAndServicesAreKeptOverARestart) {
    connect("10.20.0.7", "10.20.0.5", 443);
    for (int host = 11; host <= 30; ++host)
        connect("10.20.0.5", fmt::format("10.20.0.{}", host), 22);
    now_ += hours{25};
    fan_out_.advance(now_, findings_);
    const auto state = fan_out_.checkpoint();
    ASSERT_TRUE(state);
    fan_out_ = FanOutDetector{the_options()};
    ASSERT_TRUE(fan_out_.restore(*state));
    for (int host = 11; host <= 30; ++host)
        connect("10.20.0.5", fmt::format("10.20.0.{}", host), 22);
    connect("10.20.0.7", "10.20.0.5", 443);
    EXPECT_THAT(told(), testing::IsEmpty());
    connect("10.20.0.7", "10.20.0.5", 4444);
    EXPECT_THAT(told(), testing::ElementsAre("anomaly:new-service"));
}

TEST_F(ConnectionTest, ADamagedStateIsRefusedAndLeavesNothing) {
    connect("10.20.0.7", "10.20.0.5", 443);
    std::string state = fan_out_.checkpoint().value();
    for (std::size_t at = 0; at < state.size(); ++at) {
        std::string damaged = state;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        FanOutDetector anew{the_options()};
        EXPECT_FALSE(anew.restore(damaged)) << at;
        EXPECT_EQ(anew.entries(), 0u);
    }
    FanOutDetector anew{the_options()};
    const auto foreign = anew.restore("kentongan-state anomaly.volumetric 1 x\n");
    ASSERT_FALSE(foreign);
    EXPECT_THAT(foreign.error().message, testing::HasSubstr("anomaly.fan-out"));
}

TEST_F(ConnectionTest, ABeatIsKeptOverARestartAndToldOnceAnHourWasLearntAnew) {
    beat(15, 0.1, "203.0.113.9");
    beacon_.advance(now_, findings_);
    const auto state = beacon_.checkpoint();
    ASSERT_TRUE(state);
    beacon_ = BeaconDetector{the_options()};
    ASSERT_TRUE(beacon_.restore(*state));
    beat(50, 0.1, "203.0.113.9");
    EXPECT_THAT(told(), testing::IsEmpty());
    beat(20, 0.1, "203.0.113.9");
    EXPECT_THAT(told(), testing::ElementsAre("anomaly:beacon"));
}

}  // namespace
}  // namespace kentongan::anomaly
