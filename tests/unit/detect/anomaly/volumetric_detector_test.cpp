#include "daemon/detect/anomaly/volumetric_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T10:00:00Z");

AnomalyOptions with_link(std::int64_t mbps) {
    AnomalyOptions out;
    out.link_mbps = mbps;
    return out;
}

class VolumetricTest : public testing::Test {
  protected:
    void second(double megabytes, std::uint32_t hosts = 5) {
        TrafficSecond traffic = a_second();
        const auto bytes = static_cast<std::uint64_t>(megabytes * 1e6);
        traffic.bytes = bytes;
        traffic.packets = bytes / 1000;
        traffic.prefixes.push_back(
            {IpAddress::parse("198.51.100.0").value(), 17, bytes / 1000, bytes, hosts});
        give(traffic);
    }
    void answers(std::uint64_t packets, std::uint64_t unsolicited, std::uint32_t reflectors) {
        TrafficSecond traffic = a_second();
        traffic.reflections.push_back({IpAddress::parse("198.51.100.7").value(), packets,
                                       unsolicited, unsolicited * 1200, reflectors, 53});
        give(traffic);
    }
    void end() { detector_.end_of_input(findings_); }
    TrafficSecond a_second() const {
        TrafficSecond out;
        out.second = kStart + seconds{elapsed_};
        out.source = "eth0";
        return out;
    }
    void give(const TrafficSecond& traffic) {
        detector_.advance(traffic.second, findings_);
        detector_.inspect(traffic, findings_);
        ++elapsed_;
    }

    VolumetricDetector detector_{AnomalyOptions{}};
    RecordingFindings findings_;
    int elapsed_ = 0;
};

TEST_F(VolumetricTest, TenTimesTheExpectedTrafficIsToldWithinAMinute) {
    for (int i = 0; i < 1200; ++i) second(1 + 0.1 * (i % 7));
    EXPECT_TRUE(findings_.all.empty());
    for (int i = 0; i < 60; ++i) second(13, 60);
    end();
    ASSERT_FALSE(findings_.all.empty());
    EXPECT_EQ(findings_.all[0].rule->id, "anomaly:volumetric");
    EXPECT_EQ(findings_.all[0].entity, "198.51.100.0/24 UDP");
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("spread over many more hosts"));
}

TEST_F(VolumetricTest, ADoublingAndASlowGrowthAreNot) {
    for (int i = 0; i < 1200; ++i) second(2 + 0.2 * (i % 7));
    for (int i = 0; i < 300; ++i) second(4 + 0.2 * (i % 7));
    end();
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(VolumetricTest, AFillingLinkIsForetoldAndAFullOneCritical) {
    detector_ = VolumetricDetector{with_link(100)};  // 12.5 MB/s
    for (int i = 0; i < 100; ++i) second(2);
    EXPECT_TRUE(findings_.all.empty());
    for (int i = 0; i < 20; ++i) second(7.5);
    for (int i = 0; i < 40; ++i) second(11.5);
    end();
    ASSERT_GE(findings_.all.size(), 2u);
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("is full in"));
    EXPECT_FALSE(findings_.all[0].severity);
    EXPECT_EQ(findings_.all.back().severity, Severity::critical);
}

TEST_F(VolumetricTest, ThousandsOfAnswersNobodyAskedForAreAReflection) {
    for (int i = 0; i < 11; ++i) answers(5200, 5000, 40);
    end();
    ASSERT_FALSE(findings_.all.empty());
    EXPECT_EQ(findings_.all[0].rule->id, "anomaly:reflection");
    EXPECT_EQ(findings_.all[0].entity, "198.51.100.7");
}

// D03, benign: a busy resolver, whose answers were asked for; one server; a trickle.
TEST_F(VolumetricTest, AskedForAnswersOneServerAndATrickleAreNot) {
    for (int i = 0; i < 10; ++i) answers(9000, 600, 40);
    for (int i = 0; i < 10; ++i) answers(5000, 5000, 1);
    for (int i = 0; i < 10; ++i) answers(300, 300, 40);
    end();
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(VolumetricTest, LongDnsAnswersWithoutTheirQuerysIdAreAReflectionAndShortOnesAreNot) {
    for (const std::uint64_t size : {150u, 1400u}) {
        for (int i = 0; i < 20; ++i) {
            TrafficSecond traffic = a_second();
            traffic.reflections.push_back({IpAddress::parse("198.51.100.7").value(), 5200, 5000,
                                           5000 * (size + 28), 40, 53, 5000, 5000 * size});
            give(traffic);
        }
        end();
        EXPECT_EQ(findings_.all.empty(), size == 150u);
    }
    EXPECT_EQ(findings_.all[0].rule->id, "anomaly:reflection");
}

TEST_F(VolumetricTest, AServerOfOursThatIsUsedToFloodAnAddressOutsideIsTold) {
    const auto amplify = [&](std::string_view server, std::string_view client,
                             std::uint64_t query_bytes, std::uint64_t answer_bytes) {
        for (int i = 0; i < 20; ++i) {
            TrafficSecond traffic = a_second();
            traffic.amplifiers.push_back({IpAddress::parse(server).value(),
                                          IpAddress::parse(client).value(), 53, query_bytes, 100,
                                          answer_bytes});
            give(traffic);
        }
        end();
    };
    amplify("10.20.0.53", "203.0.113.9", 20'000, 60'000);    // signed answers
    amplify("10.20.0.53", "10.20.0.9", 4'000, 300'000);      // inside
    amplify("203.0.113.53", "203.0.113.9", 4'000, 300'000);  // not ours
    EXPECT_TRUE(findings_.all.empty());
    amplify("10.20.0.53", "203.0.113.9", 4'000, 300'000);
    ASSERT_FALSE(findings_.all.empty());
    EXPECT_EQ(findings_.all[0].rule->id, "anomaly:reflector-abused");
    EXPECT_EQ(findings_.all[0].entity, "10.20.0.53:53 203.0.113.9");
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("75 times as large"));
}

TEST_F(VolumetricTest, TheUsualCourseIsKeptOverARestart) {
    for (int i = 0; i < 1200; ++i) second(1 + 0.1 * (i % 7));
    const auto state = detector_.checkpoint();
    ASSERT_TRUE(state);
    EXPECT_FALSE(detector_.checkpoint());  // not again within ten minutes
    detector_ = VolumetricDetector{AnomalyOptions{}};
    ASSERT_TRUE(detector_.restore(*state));
    EXPECT_EQ(detector_.entries(), 1u);
    for (int i = 0; i < 60; ++i) second(13, 60);  // without it, the first ten minutes say nothing
    end();
    EXPECT_FALSE(findings_.all.empty());
}

}  // namespace
}  // namespace kentongan::anomaly
