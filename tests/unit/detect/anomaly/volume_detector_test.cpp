#include "daemon/detect/anomaly/volume_detector.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::minutes;

constexpr std::int64_t kMB = 1'000'000;
const Timestamp kStart = *parse_rfc3339("2024-11-25T00:00:00Z");

class VolumeTest : public testing::Test {
  protected:
    void send(std::int64_t bytes, std::string_view to = "203.0.113.9",
              std::string_view from = "10.20.0.5", std::int64_t back = 10'000) {
        detector_.advance(now_, findings_);
        detector_.inspect(an_event()
                              .of(EventKind::conn)
                              .at(now_)
                              .in("conn.log", ++position_)
                              .with(Field::source_ip, IpAddress::parse(from).value())
                              .with(Field::destination_ip, IpAddress::parse(to).value())
                              .with(Field::source_bytes, bytes)
                              .with(Field::destination_bytes, back)
                              .saying(fmt::format("connection {}", position_))
                              .build(),
                          findings_);
    }
    /// A day and a half in which the host sends 20 kB every ten minutes.
    void ordinary_days() {
        for (int i = 0; i < 216; ++i, now_ += minutes{10}) send(20'000);
    }
    void end() { detector_.end_of_input(findings_); }

    VolumeDetector detector_{AnomalyOptions{}};
    RecordingFindings findings_;
    Timestamp now_ = kStart;
    std::uint64_t position_ = 0;
};

TEST_F(VolumeTest, AGigabyteAfterQuietDaysIsTold) {
    ordinary_days();
    for (int i = 0; i < 10; ++i) send(i == 7 ? 200 * kMB : 90 * kMB, "198.51.100.7");
    end();
    ASSERT_EQ(findings_.all.size(), 1u);
    const Finding& finding = findings_.all[0];
    EXPECT_EQ(finding.rule->id, "anomaly:outbound-volume");
    EXPECT_EQ(finding.entity, "10.20.0.5");
    EXPECT_EQ(finding.subject.destination_ip, IpAddress::parse("198.51.100.7"));
    EXPECT_EQ(finding.evidence.at(0).offset, 216u + 8u);  // the largest connection
    EXPECT_EQ(finding.message,
              "10.20.0.5 sent 1.0 GB to addresses outside in 10 min, far more than in the days "
              "before, and received 100.0 kB; the largest part, 200.0 MB, in one connection to "
              "198.51.100.7");
}

TEST_F(VolumeTest, LessThanTheThresholdOrAnExchangeBothWaysIsNot) {
    ordinary_days();
    send(400 * kMB, "198.51.100.7");
    now_ += minutes{10};
    send(900 * kMB, "198.51.100.7", "10.20.0.5", 200 * kMB);
    end();
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(VolumeTest, InAHostsFirstDayTheThresholdAloneCounts) {
    for (int i = 0; i < 100; ++i, now_ += minutes{10}) send(20'000);
    send(400 * kMB);
    now_ += minutes{10};
    EXPECT_TRUE(findings_.all.empty());
    send(900 * kMB);
    end();
    ASSERT_EQ(findings_.all.size(), 1u);
    EXPECT_EQ(findings_.all[0].message,
              "10.20.0.5 sent 900.0 MB to addresses outside in 10 min, and received 10.0 kB; the "
              "largest part, 900.0 MB, in one connection to 203.0.113.9");
}

TEST_F(VolumeTest, AServerThatAlwaysSendsMuchIsLearnt) {
    for (int i = 0; i < 300; ++i, now_ += minutes{10}) send((800 + i % 50) * kMB);
    end();
    for (const Finding& finding : findings_.all)
        EXPECT_LT(finding.time - kStart, std::chrono::hours{25});
}

TEST_F(VolumeTest, TrafficInsideAndConnectionsFromOutsideAreNotCounted) {
    ordinary_days();
    send(5000 * kMB, "10.20.0.9");
    send(5000 * kMB, "10.20.0.5", "203.0.113.9");
    end();
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(VolumeTest, SlowTheftToANewAddressIsToldOnceADay) {
    ordinary_days();
    for (int i = 0; i < 144; ++i, now_ += minutes{10}) send(100 * kMB, "198.51.100.7");
    end();
    ASSERT_EQ(findings_.all.size(), 1u);
    EXPECT_EQ(
        findings_.all[0].message,
        "10.20.0.5 sent 2.1 GB within 24 h to 198.51.100.7, an address it did not know before "
        "2024-11-26T12:00:00Z");
}

TEST_F(VolumeTest, TheNightlyBackupMayBeAllowed) {
    AnomalyOptions options;
    options.outbound_allowed = {IpNetwork::parse("198.51.100.0/24").value()};
    detector_ = VolumeDetector{options};
    ordinary_days();
    send(50'000 * kMB, "198.51.100.7");
    end();
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(VolumeTest, InventedHostsAreBoundedAndCounted) {
    AnomalyOptions options;
    options.table_entries = 1000;
    detector_ = VolumeDetector{options};
    for (int i = 0; i < 5000; ++i)
        send(1, "203.0.113.9", fmt::format("10.{}.{}.1", i / 250, i % 250));
    EXPECT_EQ(detector_.entries(), 2000u);
    EXPECT_EQ(detector_.evicted(), 8000u);
}

TEST_F(VolumeTest, AConnectionThatLastsCountsWhatIsNewEachTimeItIsTold) {
    ordinary_days();
    const auto lasting = [&](std::int64_t bytes, std::string_view action) {
        detector_.advance(now_, findings_);
        detector_.inspect(an_event()
                              .of(EventKind::conn)
                              .at(now_)
                              .in("eth0", 7)
                              .with(Field::source_ip, IpAddress::parse("10.20.0.5").value())
                              .with(Field::destination_ip, IpAddress::parse("203.0.113.9").value())
                              .with(Field::source_bytes, bytes)
                              .with(Field::destination_bytes, 1000)
                              .with(Field::event_action, action)
                              .build(),
                          findings_);
        now_ += minutes{1};
    };
    for (int i = 1; i <= 8; ++i) lasting(50 * kMB * i, "ongoing");  // 400 MB in all
    lasting(410 * kMB, "");
    end();
    EXPECT_TRUE(findings_.all.empty());
    for (int i = 1; i <= 3; ++i) lasting(300 * kMB * i, "ongoing");
    end();
    EXPECT_EQ(findings_.all.size(), 1u);  // told before it ends
}

TEST_F(VolumeTest, WhatAHostUsedToSendIsKeptOverARestart) {
    for (int i = 0; i < 216; ++i, now_ += minutes{10}) send(600 * kMB, "203.0.113.9", "10.20.0.5");
    findings_.all.clear();
    const auto state = detector_.checkpoint();
    ASSERT_TRUE(state);
    detector_ = VolumeDetector{AnomalyOptions{}};
    ASSERT_TRUE(detector_.restore(*state));
    for (int i = 0; i < 3; ++i, now_ += minutes{10}) send(600 * kMB, "203.0.113.9", "10.20.0.5");
    end();
    EXPECT_TRUE(findings_.all.empty());  // without it, a host's first day tells of the threshold
}

TEST_F(VolumeTest, AServerOfOursWithAPublicAddressIsCounted) {
    AnomalyOptions options;
    options.own_networks = {IpNetwork::parse("198.51.100.0/24").value()};
    detector_ = VolumeDetector{options};
    send(900 * kMB, "203.0.113.9", "198.51.100.7");
    send(900 * kMB, "198.51.100.8", "10.20.0.5");  // inside
    end();
    ASSERT_EQ(findings_.all.size(), 1u);
    EXPECT_EQ(findings_.all[0].entity, "198.51.100.7");
}

}  // namespace
}  // namespace kentongan::anomaly
