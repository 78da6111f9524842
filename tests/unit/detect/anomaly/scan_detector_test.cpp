#include "daemon/detect/anomaly/scan_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ranges>

#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

TrafficSecond a_second(int number) {
    TrafficSecond out;
    out.second = kStart + seconds{number};
    out.source = "eth0";
    return out;
}

class ScanDetectorTest : public testing::Test {
  protected:
    void attempt(std::string_view source, std::string_view destination, std::uint16_t port,
                 bool succeeded) {
        now_.attempts.push_back({ip(source), ip(destination), port, succeeded});
    }
    /// Hands over the second with its attempts, and begins the next one.
    void second_ends() {
        detector_.inspect(now_, findings_);
        now_ = a_second(++elapsed_);
        detector_.advance(kStart + seconds{elapsed_}, findings_);
    }
    void skip(int count) {
        for (int i = 0; i < count; ++i) second_ends();
    }
    const std::vector<Finding>& found() const { return findings_.all; }

    ScanDetector detector_{AnomalyOptions{}};
    TrafficSecond now_ = a_second(0);
    int elapsed_ = 0;
    RecordingFindings findings_;
};

TEST_F(ScanDetectorTest, AHundredRefusedPortsOfOneHostAreAScan) {
    for (std::uint16_t port = 1; port <= 100; ++port)
        attempt("203.0.113.7", "10.1.1.1", port, port == 22);
    second_ends();
    ASSERT_EQ(found().size(), 1u);
    const Finding& finding = found()[0];
    EXPECT_EQ(finding.rule->id, "anomaly:port-scan");
    EXPECT_EQ(finding.entity, "203.0.113.7");
    EXPECT_EQ(finding.severity, Severity::low);
    EXPECT_EQ(finding.time, kStart);
    EXPECT_EQ(finding.message,
              "Scan from 203.0.113.7: 1 hosts and 100 ports tried within 60 s (many ports)");
    EXPECT_EQ(finding.evidence.at(0).source, "eth0");
    EXPECT_EQ(finding.evidence.at(0).kind, "aggregate");
}

TEST_F(ScanDetectorTest, NinetyNinePortsAreNot) {
    for (std::uint16_t port = 1; port <= 99; ++port)
        attempt("203.0.113.7", "10.1.1.1", port, false);
    skip(90);
    EXPECT_TRUE(found().empty());
}

TEST_F(ScanDetectorTest, PortsSpreadOverMoreThanTheWindowAreNot) {
    for (std::uint16_t port = 1; port <= 150; ++port) {
        attempt("203.0.113.7", "10.1.1.1", port, false);
        second_ends();
    }
    EXPECT_TRUE(found().empty());  // 60 of them in any 60 s
}

TEST_F(ScanDetectorTest, AnInternalSourceIsOfHighSeverity) {
    for (const auto* source : {"10.9.9.9", "127.0.0.1", "fd00::9", "192.168.1.1"})
        for (std::uint16_t port = 1; port <= 100; ++port) attempt(source, "10.1.1.1", port, false);
    second_ends();
    ASSERT_EQ(found().size(), 4u);
    for (const Finding& finding : found()) EXPECT_EQ(finding.severity, Severity::high);
}

TEST_F(ScanDetectorTest, FourFailedFirstContactsReachTheVerdictOfTheSequentialTest) {
    for (int host = 1; host <= 3; ++host)
        attempt("203.0.113.7", fmt::format("10.1.1.{}", host), 22, false);
    second_ends();
    EXPECT_TRUE(found().empty());  // 3 × 1.386 < 4.595
    attempt("203.0.113.7", "10.1.1.4", 22, false);
    second_ends();
    ASSERT_EQ(found().size(), 1u);
    EXPECT_THAT(found()[0].message, testing::HasSubstr("first contacts with hosts fail"));
}

TEST_F(ScanDetectorTest, PastSuccessesBuyOnlyTheLowerBoundOfCredit) {
    for (int host = 1; host <= 40; ++host)
        attempt("203.0.113.7", fmt::format("10.1.1.{}", host), 443, true);
    second_ends();
    for (int host = 1; host <= 7; ++host)
        attempt("203.0.113.7", fmt::format("10.2.1.{}", host), 443, false);
    second_ends();
    ASSERT_EQ(found().size(), 1u);  // from -4.595 up by 7 × 1.386
}

TEST_F(ScanDetectorTest, RetriesToTheSameDeadNodesAreOneContactEach) {
    for (int round = 0; round < 300; ++round) {
        for (const auto* dead : {"198.51.100.1", "198.51.100.2", "198.51.100.3"})
            attempt("203.0.113.7", dead, 443, false);
        second_ends();
    }
    EXPECT_TRUE(found().empty());
}

// X09, benign: a client behind NAT with dead CDN nodes.
TEST_F(ScanDetectorTest, AGatewayWithManyUsersAndSomeDeadNodesIsSilent) {
    for (int round = 0; round < 120; ++round) {
        for (int host = 0; host < 10; ++host)
            attempt("10.0.0.1", fmt::format("198.51.{}.{}", round, host), 443, host != 7);
        second_ends();
    }
    EXPECT_TRUE(found().empty());
}

TEST_F(ScanDetectorTest, FiftyHostsOfWhichAFifthFailsAreAScan) {
    // Successes first in the order of addresses, so the sequential test stays at its lower bound.
    for (int host = 0; host < 50; ++host)
        attempt("203.0.113.7", fmt::format("10.1.1.{:}", host), 443, host % 5 != 0);
    second_ends();
    ASSERT_EQ(found().size(), 1u);
    EXPECT_THAT(found()[0].message, testing::HasSubstr("many hosts"));
}

TEST_F(ScanDetectorTest, AScanThatGoesOnIsToldAgainOnlyEveryTenSecondsAndLosesNoCount) {
    std::uint16_t port = 1;
    const auto scan = [&] {
        for (int i = 0; i < 100; ++i) attempt("203.0.113.7", "10.1.1.1", port++, false);
        second_ends();
    };
    for (int i = 0; i < 35; ++i) scan();
    skip(20);
    ASSERT_EQ(found().size(), 5u);
    std::uint64_t count = 0;
    for (const Finding& finding : found()) count += finding.count;
    EXPECT_EQ(count, 35u * 100 - 99);  // the first 99 were not a scan yet
    for (std::size_t i = 1; i < found().size(); ++i)
        EXPECT_EQ(found()[i].entity, found()[0].entity);
}

TEST_F(ScanDetectorTest, AfterAMinuteOfSilenceItIsToldAnew) {
    for (int round = 0; round < 2; ++round) {
        for (std::uint16_t port = 1; port <= 100; ++port)
            attempt("203.0.113.7", "10.1.1.1", port, false);
        skip(120);
    }
    EXPECT_EQ(found().size(), 2u);
}

TEST_F(ScanDetectorTest, TheOrderInWhichLanesDeliverDoesNotMatter) {
    std::vector<TrafficSecond::Attempt> attempts;
    for (std::uint16_t port = 1; port <= 120; ++port)
        attempts.push_back({ip("203.0.113.7"), ip("10.1.1.1"), port, port % 3 == 0});
    const auto run = [&](auto order) {
        ScanDetector detector{AnomalyOptions{}};
        RecordingFindings out;
        for (const auto& one : order) {
            TrafficSecond part = a_second(0);
            part.attempts.push_back(one);
            detector.inspect(part, out);
        }
        detector.advance(kStart + seconds{20}, out);
        std::string text;
        for (const Finding& finding : out.all)
            text += fmt::format("{} {}\n", finding.message, finding.count);
        return text;
    };
    const std::string forward = run(attempts);
    EXPECT_FALSE(forward.empty());
    EXPECT_EQ(forward, run(attempts | std::views::reverse));
}

TEST(ScanDetector, AFullTablePushesOutTheOldestAndCountsIt) {
    AnomalyOptions options;
    options.table_entries = 10;
    ScanDetector detector{options};
    RecordingFindings out;
    TrafficSecond traffic = a_second(0);
    for (int i = 0; i < 25; ++i)
        traffic.attempts.push_back({ip(fmt::format("203.0.113.{}", i)), ip("10.1.1.1"), 80, false});
    detector.inspect(traffic, out);
    detector.advance(kStart + seconds{1}, out);
    EXPECT_EQ(detector.evicted(), 15u);
}

}  // namespace
}  // namespace kentongan::anomaly
