#include "daemon/detect/anomaly/syn_flood_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/detect/anomaly/series/cusum.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

TrafficSecond a_second(int number) {
    TrafficSecond out;
    out.second = kStart + seconds{number};
    out.source = "eth0";
    return out;
}

class SynFloodTest : public testing::Test {
  protected:
    void second(std::uint32_t syns, std::uint32_t completed, std::uint32_t sources = 500) {
        TrafficSecond traffic = a_second(elapsed_++);
        traffic.services.push_back(
            {*IpAddress::parse("10.1.1.1"), 443, syns, completed, completed, sources});
        detector_.inspect(traffic, findings_);
        detector_.advance(kStart + seconds{elapsed_}, findings_);
    }
    void seconds_of(int count, std::uint32_t syns, std::uint32_t completed) {
        for (int i = 0; i < count; ++i) second(syns, completed);
    }
    const std::vector<Finding>& found() const { return findings_.all; }

    SynFloodDetector detector_{AnomalyOptions{}};
    int elapsed_ = 0;
    RecordingFindings findings_;
};

TEST_F(SynFloodTest, ThreeBadSecondsOfFiveAreAFlood) {
    seconds_of(60, 40, 39);
    second(5000, 40);
    second(5000, 4900);
    second(5000, 40);
    EXPECT_TRUE(found().empty());
    second(5000, 50);
    ASSERT_EQ(found().size(), 1u);
    const Finding& finding = found()[0];
    EXPECT_EQ(finding.rule->id, "anomaly:syn-flood");
    EXPECT_EQ(finding.rule->severity, Severity::high);
    EXPECT_EQ(finding.rule->rule_class, "ddos");
    EXPECT_EQ(finding.entity, "10.1.1.1:443");
    EXPECT_THAT(finding.message, testing::StartsWith("SYN flood against 10.1.1.1:443: 5000 SYN/s "
                                                     "from up to 500 sources, 1.0 % of handshakes "
                                                     "completed"));
    EXPECT_EQ(finding.subject.destination_port, 443);
}

// D02, benign: a crowd at 18:00 on election night, twenty times the usual rate.
TEST_F(SynFloodTest, AFlashCrowdThatCompletesItsHandshakesIsSilent) {
    seconds_of(60, 500, 495);
    seconds_of(120, 10000, 9300);
    EXPECT_TRUE(found().empty());
}

// D02, benign: clients that retry after an outage, and are answered.
TEST_F(SynFloodTest, ARetryStormThatRecoversIsSilent) {
    seconds_of(60, 400, 395);
    seconds_of(30, 0, 0);
    seconds_of(2, 6000, 900);
    seconds_of(1, 6000, 3000);
    seconds_of(60, 4000, 3800);
    EXPECT_TRUE(found().empty());
}

TEST_F(SynFloodTest, ManyHalfOpenConnectionsBelowTheThresholdAreSilent) {
    seconds_of(60, 999, 0);
    EXPECT_TRUE(found().empty());
}

TEST_F(SynFloodTest, ABusyServiceHasToReachFiveTimesItsUsualRate) {
    seconds_of(300, 1000, 1000);  // usual: 1000 SYN/s
    seconds_of(10, 4500, 100);
    EXPECT_TRUE(found().empty());
    seconds_of(10, 12000, 100);
    EXPECT_FALSE(found().empty());
}

TEST_F(SynFloodTest, BadSecondsThatAreFarApartAreSilentForAMinuteAndThenASlowFlood) {
    for (int i = 0; i < 12; ++i) {
        second(5000, 10);
        seconds_of(4, 50, 50);
    }
    EXPECT_TRUE(found().empty());
    for (int i = 0; i < 6; ++i) {
        second(5000, 10);
        seconds_of(4, 50, 50);
    }
    EXPECT_FALSE(found().empty());
}

TEST_F(SynFloodTest, ALongFloodIsToldEveryTenSecondsAndDoesNotBecomeUsual) {
    seconds_of(300, 5000, 10);
    ASSERT_GT(found().size(), 25u);
    EXPECT_LE(found().size(), 31u);
    EXPECT_THAT(found().back().message, testing::HasSubstr("usually 0 SYN/s"));
}

TEST_F(SynFloodTest, PartsOfOneSecondFromSeveralLanesAddUp) {
    for (int i = 0; i < 5; ++i)
        for (int lane = 0; lane < 4; ++lane) {
            TrafficSecond traffic = a_second(i);
            traffic.services.push_back({*IpAddress::parse("10.1.1.1"), 443, 300, 1, 1, 300});
            detector_.inspect(traffic, findings_);
        }
    ASSERT_EQ(found().size(), 1u);
    EXPECT_THAT(found()[0].message, testing::HasSubstr("1200 SYN/s from up to 1200 sources"));
}

TEST_F(SynFloodTest, AnIpv6ServiceIsWrittenInBrackets) {
    for (int i = 0; i < 4; ++i) {
        TrafficSecond traffic = a_second(i);
        traffic.services.push_back({*IpAddress::parse("2001:db8::1"), 443, 3000, 1, 1, 300});
        detector_.inspect(traffic, findings_);
    }
    ASSERT_EQ(found().size(), 1u);
    EXPECT_EQ(found()[0].entity, "[2001:db8::1]:443");
}

TEST_F(SynFloodTest, ASlowFloodIsToldByTheEndsThatAreMissing) {
    seconds_of(120, 40, 39);
    seconds_of(60, 240, 39);
    EXPECT_TRUE(found().empty());
    seconds_of(30, 240, 39);
    ASSERT_FALSE(found().empty());
    EXPECT_EQ(found()[0].entity, "10.1.1.1:443");
    EXPECT_THAT(found()[0].message, testing::HasSubstr("far more SYNs than FINs and RSTs"));
}

// The drift and the limit are those of one false alarm in a million bins of ten seconds.
TEST(SynFlood, TheLimitOfTheSumIsOfAFalseAlarmInAMillionBins) {
    EXPECT_GE(Cusum::run_length(SynFloodDetector::kDrift, SynFloodDetector::kLimit), 1e6);
    EXPECT_LE(Cusum::run_length(SynFloodDetector::kDrift, SynFloodDetector::kLimit), 1.2e6);
}

// D02, benign: connections that stay open end much later than they begin.
TEST_F(SynFloodTest, ACrowdWhoseConnectionsStayOpenIsSilent) {
    seconds_of(120, 40, 39);
    for (int i = 0; i < 600; ++i) {
        TrafficSecond traffic = a_second(elapsed_++);
        traffic.services.push_back({*IpAddress::parse("10.1.1.1"), 443, 900, 870, 30, 600});
        detector_.inspect(traffic, findings_);
        detector_.advance(kStart + seconds{elapsed_}, findings_);
    }
    EXPECT_TRUE(found().empty());
}

// D02, benign: a service is down for a minute, its clients go on trying, and then it answers.
TEST_F(SynFloodTest, AnOutageThatIsOverWithinAMinuteIsSilent) {
    seconds_of(120, 200, 198);
    seconds_of(60, 800, 0);
    seconds_of(60, 800, 790);
    EXPECT_TRUE(found().empty());
}

// Half-open probes of a load balancer, and a closed port: every SYN has its RST.
TEST_F(SynFloodTest, AttemptsThatAreRefusedAreNoSlowFlood) {
    seconds_of(120, 40, 39);
    for (int i = 0; i < 300; ++i) {
        TrafficSecond traffic = a_second(elapsed_++);
        traffic.services.push_back({*IpAddress::parse("10.1.1.1"), 443, 400, 10, 400, 20});
        detector_.inspect(traffic, findings_);
        detector_.advance(kStart + seconds{elapsed_}, findings_);
    }
    EXPECT_TRUE(found().empty());
}

TEST_F(SynFloodTest, InventedServicesAreBoundedAndCounted) {
    AnomalyOptions options;
    options.table_entries = 100;
    detector_ = SynFloodDetector{options};
    for (int i = 0; i < 20; ++i) {
        TrafficSecond traffic = a_second(elapsed_++);
        for (std::uint16_t port = 1; port <= 1000; ++port)
            traffic.services.push_back({*IpAddress::parse("10.1.1.1"), port, 2, 0, 0, 1});
        detector_.inspect(traffic, findings_);
    }
    EXPECT_LE(detector_.entries(), 100u);
    EXPECT_GE(detector_.evicted(), 900u);
}

}  // namespace
}  // namespace kentongan::anomaly
