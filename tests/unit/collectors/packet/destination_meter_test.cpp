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

/// A DNS message of the id, with the answer's bit where it is one.
std::string dns(std::uint16_t id, bool answer, std::size_t size) {
    std::string out(size, '\0');
    out[0] = static_cast<char>(id >> 8);
    out[1] = static_cast<char>(id);
    out[2] = static_cast<char>(answer ? 0x81 : 0x01);
    return out;
}

Decoded holding(Decoded packet, const std::string& payload) {
    packet.payload = as_bytes(payload);
    packet.payload_bytes = static_cast<std::uint32_t>(payload.size());
    return packet;
}

TEST_F(DestinationMeterTest, ADnsAnswerWhoseIdNoQueryHadIsUnsolicited) {
    const std::string query = dns(7, false, 40);
    const std::string right = dns(7, true, 1200);
    const std::string wrong = dns(8, true, 1200);
    see(holding(udp("198.51.100.1", 5353, "203.0.113.53", 53), query), 60);
    see(holding(udp("203.0.113.53", 53, "198.51.100.1", 5353), right));
    EXPECT_TRUE(taken().reflections.empty());
    see(holding(udp("203.0.113.53", 53, "198.51.100.1", 5353), wrong));
    const TrafficSecond second = taken();
    ASSERT_EQ(second.reflections.size(), 1u);
    EXPECT_EQ(second.reflections[0].dns, 1u);
    EXPECT_EQ(second.reflections[0].dns_bytes, 1200u);
}

TEST_F(DestinationMeterTest, AQueryThatAResolverSendsFromPort53IsNoAnswer) {
    const std::string query = dns(7, false, 40);
    for (int i = 0; i < 10; ++i)
        see(holding(udp("203.0.113.53", 53, "198.51.100.53", 53), query), 60);
    EXPECT_TRUE(taken().reflections.empty());
}

TEST_F(DestinationMeterTest, AServerThatAnswersAtLengthIsToldWithItsClientAndWhatItWasAsked) {
    const std::string query = dns(9, false, 40);
    const std::string answer = dns(9, true, 3000);
    for (int i = 0; i < 11; ++i) {
        see(holding(udp("203.0.113.9", 4444, "198.51.100.53", 53), query), 60);
        see(holding(udp("198.51.100.53", 53, "203.0.113.9", 4444), answer), 3028);
    }
    const TrafficSecond second = taken();
    EXPECT_TRUE(second.reflections.empty());
    ASSERT_EQ(second.amplifiers.size(), 1u);
    EXPECT_EQ(second.amplifiers[0].server, ip("198.51.100.53"));
    EXPECT_EQ(second.amplifiers[0].client, ip("203.0.113.9"));
    EXPECT_EQ(second.amplifiers[0].answers, 10u);  // the first one made the entry
    EXPECT_EQ(second.amplifiers[0].answer_bytes, 30000u);
    EXPECT_EQ(second.amplifiers[0].query_bytes, 400u);
    EXPECT_TRUE(taken().amplifiers.empty());
}

TEST_F(DestinationMeterTest, ManyClientsOfAmplifiersAreBoundedAndTheRestIsCounted) {
    const std::string query = dns(9, false, 40);
    const std::string answer = dns(9, true, 3000);
    for (int round = 0; round < 2; ++round)
        for (unsigned i = 0; i < 2000; ++i) {
            const IpAddress client = IpAddress::v4(std::array<std::uint8_t, 4>{
                203, 0, static_cast<std::uint8_t>(i / 250), static_cast<std::uint8_t>(i % 250)});
            Decoded asks = holding(udp("203.0.113.9", 4444, "198.51.100.53", 53), query);
            asks.tuple.source = client;
            Decoded answers = holding(udp("198.51.100.53", 53, "203.0.113.9", 4444), answer);
            answers.tuple.destination = client;
            see(asks, 60);
            see(answers, 3028);
        }
    const TrafficSecond second = taken();
    EXPECT_EQ(second.amplifiers.size(), DestinationMeter::kAmplifiers);
    EXPECT_GE(second.left_out, 2 * (2000u - 512) + 512 - DestinationMeter::kAmplifiers);
}

}  // namespace
}  // namespace kentongan::packet
