#include <gtest/gtest.h>

#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TimedFrame syn(milliseconds after, std::string_view source, std::uint16_t port,
               std::uint16_t from_port = 40000) {
    return {kStart + after, tcp_frame({source, from_port}, {"198.51.100.5", port}, {.flags = 2})};
}

TEST(PacketTraffic, ASecondCountsSynsHandshakesEndsAndSources) {
    SensorRun run;
    TcpConversation talk(kClient, kServer, kStart);
    run.play(talk.handshake().close().frames());
    run.play({syn(milliseconds{100}, "192.0.2.1", 80), syn(milliseconds{101}, "192.0.2.1", 80, 1),
              syn(milliseconds{102}, "192.0.2.2", 80)});
    run.until(kStart + seconds{1});
    ASSERT_EQ(run.sink.seconds.size(), 1u);
    const TrafficSecond& second = run.sink.seconds.front();
    EXPECT_EQ(second.second, kStart);
    EXPECT_EQ(second.source, "pcap:test");
    EXPECT_EQ(second.packets, 9u);
    EXPECT_EQ(second.bytes, 9 * 54u);
    ASSERT_EQ(second.services.size(), 1u);
    EXPECT_EQ(second.services[0].port, 80);
    EXPECT_EQ(second.services[0].syns, 4u);
    EXPECT_EQ(second.services[0].completed, 1u);
    EXPECT_EQ(second.services[0].fins, 1u);
    EXPECT_EQ(second.services[0].sources, 3u);
    EXPECT_EQ(second.left_out, 0u);
}

TEST(PacketTraffic, AttemptsAreJudgedByTheirFirstAnswerOrItsAbsence) {
    SensorRun run;
    const PacketEnd target{"198.51.100.5", 22};
    run.play({syn({}, "192.0.2.1", 21), syn({}, "192.0.2.1", 22), syn({}, "192.0.2.1", 23),
              syn({}, "192.0.2.1", 24)});
    run.play({{kStart, tcp_frame(target, {"192.0.2.1", 40000},
                                 {.flags = 18, .sequence = 5, .acknowledged = 1})},
              {kStart, tcp_frame({"198.51.100.5", 23}, {"192.0.2.1", 40000},
                                 {.flags = 20, .acknowledged = 1})},
              {kStart, icmp_frame({"203.0.113.1"}, {"192.0.2.1"}, 3, 13,
                                  ip_packet_of(syn({}, "192.0.2.1", 24).bytes).substr(0, 28))}});
    run.until(kStart + milliseconds{4900});
    EXPECT_EQ(run.sink.attempts().size(), 3u);
    run.until(kStart + seconds{6});
    ASSERT_EQ(run.sink.seconds.size(), 2u);
    const auto first = run.sink.seconds[0].attempts;
    ASSERT_EQ(first.size(), 3u);  // in the order of ports
    EXPECT_TRUE(first[0].port == 22 && first[0].succeeded);
    EXPECT_TRUE(first[1].port == 23 && !first[1].succeeded);
    EXPECT_TRUE(first[2].port == 24 && !first[2].succeeded);
    const TrafficSecond& later = run.sink.seconds[1];
    EXPECT_EQ(later.second, kStart + seconds{5});
    EXPECT_EQ(later.packets, 0u);
    ASSERT_EQ(later.attempts.size(), 1u);
    EXPECT_TRUE(later.attempts[0].port == 21 && !later.attempts[0].succeeded);
}

TEST(PacketTraffic, ARepeatedSynIsOneAttempt) {
    SensorRun run;
    run.play({syn({}, "192.0.2.1", 80), syn(milliseconds{1000}, "192.0.2.1", 80)}).finish();
    EXPECT_EQ(run.sink.attempts().size(), 1u);
}

TEST(PacketTraffic, CapsHoldTheBusiestAreToldAndTheRestIsCounted) {
    SensorRun run;
    for (std::uint16_t port = 1; port <= 5000; ++port) run.play({syn({}, "192.0.2.1", port)});
    run.play({syn({}, "192.0.2.2", 4999)});
    for (std::uint16_t port = 1; port <= 5000; ++port)
        run.play({{kStart, tcp_frame({"198.51.100.5", port}, {"192.0.2.1", 40000},
                                     {.flags = 20, .acknowledged = 1})}});
    run.until(kStart + seconds{1});
    ASSERT_EQ(run.sink.seconds.size(), 1u);
    const TrafficSecond& second = run.sink.seconds[0];
    EXPECT_EQ(second.services.size(), 1024u);
    EXPECT_EQ(second.attempts.size(), 4096u);
    EXPECT_EQ(second.left_out, 5000u - 1024 + 5000 - 4096);
    EXPECT_EQ(second.services.back().port, 4999);
    EXPECT_EQ(second.services.back().syns, 2u);
}

TEST(PacketTraffic, DistinctSourcesAreExactForAFewAndCloseForMany) {
    DistinctSources sources;
    const auto address = [](std::uint32_t i) {
        return IpAddress::v4(std::array<std::uint8_t, 4>{10, static_cast<std::uint8_t>(i >> 16),
                                                         static_cast<std::uint8_t>(i >> 8),
                                                         static_cast<std::uint8_t>(i)});
    };
    for (std::uint32_t round = 0; round < 2; ++round)
        for (std::uint32_t i = 0; i < 16; ++i) sources.add(address(i));
    EXPECT_EQ(sources.count(), 16u);
    for (std::uint32_t i = 0; i < 20000; ++i) sources.add(address(i));
    EXPECT_NEAR(sources.count(), 20000, 200);
    for (std::uint32_t i = 0; i < 500000; ++i) sources.add(address(i));
    EXPECT_EQ(sources.count(), 65535u);
    sources.clear();
    EXPECT_EQ(sources.count(), 0u);
}

TEST(PacketTraffic, AFloodIsToldByItsCountsAndAtMost4096Connections) {
    SensorRun run;
    for (std::uint32_t i = 0; i < 6000; ++i)
        run.play({syn({}, "192.0.2.1", 80, static_cast<std::uint16_t>(i + 1))});
    run.until(kStart + seconds{6});
    EXPECT_EQ(run.sink.of(EventKind::conn).size(), Sensor::kUnansweredASecond);
    EXPECT_EQ(run.sensor.counts().flows_summarised, 6000u - Sensor::kUnansweredASecond);
    EXPECT_EQ(run.sink.seconds[0].services.at(0).syns, 6000u);
}

TEST(PacketTraffic, TimeThatGoesBackwardsStandsStill) {
    SensorRun run;
    run.play({syn(seconds{10}, "192.0.2.1", 80), syn({}, "192.0.2.2", 80)}).finish();
    ASSERT_EQ(run.sink.seconds.size(), 1u);
    EXPECT_EQ(run.sink.seconds[0].second, kStart + seconds{10});
    EXPECT_EQ(run.sink.seconds[0].packets, 2u);
}

}  // namespace
}  // namespace kentongan::packet
