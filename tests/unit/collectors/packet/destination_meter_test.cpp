#include "collectors/packet/destination_meter.hpp"

#include <gtest/gtest.h>

namespace kentongan::packet {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

Decoded udp(std::string_view from, std::uint16_t from_port, std::string_view to,
            std::uint16_t to_port) {
    Decoded out;
    out.has_ports = true;
    out.ip_version = 4;
    out.tuple = {ip(from), ip(to), from_port, to_port, protocol::kUdp, false};
    return out;
}

class DestinationMeterTest : public testing::Test {
  protected:
    void see(const Decoded& packet, std::size_t bytes = 1000, int second = 1000) {
        meter_.packet(packet, bytes, Timestamp{std::chrono::seconds{second}});
    }
    TrafficSecond taken() {
        TrafficSecond out;
        meter_.take(out);
        return out;
    }
    DestinationMeter meter_{1};
};

TEST_F(DestinationMeterTest, AddsUpPacketsOfANetworkAndProtocol) {
    see(udp("203.0.113.1", 4000, "198.51.100.1", 9), 100);
    see(udp("203.0.113.1", 4000, "198.51.100.200", 9), 200);
    const TrafficSecond second = taken();
    ASSERT_EQ(second.prefixes.size(), 1u);
    EXPECT_EQ(second.prefixes[0].network, ip("198.51.100.0"));
    EXPECT_EQ(second.prefixes[0].packets, 2u);
    EXPECT_EQ(second.prefixes[0].bytes, 300u);
    EXPECT_TRUE(second.reflections.empty());
    EXPECT_TRUE(taken().prefixes.empty());
}

TEST_F(DestinationMeterTest, AnAnswerIsUnsolicitedUnlessItWasAskedFor) {
    see(udp("198.51.100.1", 5353, "203.0.113.53", 53), 60);
    see(udp("203.0.113.53", 53, "198.51.100.1", 5353));
    EXPECT_TRUE(taken().reflections.empty());
    see(udp("203.0.113.54", 53, "198.51.100.1", 5353));
    see(udp("203.0.113.55", 53, "198.51.100.1", 5353));
    const TrafficSecond second = taken();
    ASSERT_EQ(second.reflections.size(), 1u);
    EXPECT_EQ(second.reflections[0].unsolicited, 2u);
    EXPECT_EQ(second.reflections[0].reflectors, 2u);
    EXPECT_EQ(second.reflections[0].port, 53);
}

TEST_F(DestinationMeterTest, AQueryIsForgottenAfterTwentySeconds) {
    see(udp("198.51.100.1", 5353, "203.0.113.53", 53), 60, 1000);
    see(udp("203.0.113.9", 9, "198.51.100.9", 9), 60, 1010);
    see(udp("203.0.113.9", 9, "198.51.100.9", 9), 60, 1020);
    see(udp("203.0.113.53", 53, "198.51.100.1", 5353), 1000, 1021);
    EXPECT_EQ(taken().reflections.size(), 1u);
}

TEST_F(DestinationMeterTest, ManyNetworksAreBoundedAndTheRestIsCounted) {
    for (unsigned i = 0; i < 5000; ++i) {
        const std::array<std::uint8_t, 4> to{100, static_cast<std::uint8_t>(i / 256),
                                             static_cast<std::uint8_t>(i % 256), 1};
        Decoded packet = udp("203.0.113.1", 4000, "198.51.100.1", 9);
        packet.tuple.destination = IpAddress::v4(to);
        see(packet);
    }
    const TrafficSecond second = taken();
    EXPECT_EQ(second.prefixes.size(), DestinationMeter::kPrefixes);
    EXPECT_EQ(second.left_out, 5000 - DestinationMeter::kPrefixes);
}

}  // namespace
}  // namespace kentongan::packet
