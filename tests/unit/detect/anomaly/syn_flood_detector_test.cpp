#include "daemon/detect/anomaly/syn_flood_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST_F(SynFloodTest, BadSecondsThatAreFarApartAreSilent) {
    for (int i = 0; i < 20; ++i) {
        second(5000, 10);
        seconds_of(4, 50, 50);
    }
    EXPECT_TRUE(found().empty());
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

}  // namespace
}  // namespace kentongan::anomaly
