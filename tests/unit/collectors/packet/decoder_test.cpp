#include "collectors/packet/decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

constexpr PacketEnd kClient6{"2001:db8::10", 40000};
constexpr PacketEnd kServer6{"2001:db8::5", 53};
constexpr PacketEnd kTunnelA{"203.0.113.1", 50000};
constexpr PacketEnd kVxlan{"203.0.113.2", 4789};
constexpr PacketEnd kGeneve{"203.0.113.2", 6081};

struct Frames {
    explicit Frames(bool checksums = false) : decoder({.checksums = checksums}) {}
    Decoded operator()(const std::string& frame, int linktype = 1, Duration later = {}) {
        kept = frame;
        return decoder.decode({linktype, as_bytes(kept), kept.size(), kStart + later});
    }
    Decoder decoder;
    std::string kept;
};

std::string inner() { return tcp_frame(kClient, kServer, {.flags = 24, .payload = "hello"}); }

std::string in_gre(std::string_view header, std::string_view payload) {
    return ethernet_frame(
        ip_packet(kTunnelA, kVxlan, protocol::kGre, std::string(header).append(payload)));
}

TEST(PacketDecoder, FragmentsInAnyOrderMakeThePacketThatWasSent) {
    std::string text(3000, 'x');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 26);
    for (const std::string& frame :
         {udp_frame(kClient, kServer, text), udp_frame(kClient6, kServer6, text)}) {
        auto parts = fragments_of(frame, 1000 - 1000 % 8);
        std::ranges::reverse(parts);
        parts.insert(parts.begin() + 1, parts.front());  // one comes twice
        Frames frames;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            const Decoded out = frames(parts[i]);
            EXPECT_TRUE(out.pending);
            EXPECT_FALSE(out.has_ports);
        }
        const Decoded whole = frames(parts.back());
        EXPECT_TRUE(whole.has_ports);
        EXPECT_FALSE(whole.conflict);
        EXPECT_EQ(whole.tuple.source_port, 40000);
        EXPECT_EQ(as_text(whole.payload), text);
        EXPECT_EQ(frames.decoder.fragments().held_bytes(), 0u);
    }
}

TEST(PacketDecoder, OfContradictingFragmentsTheFirstIsReadAndTheOtherAnAnomaly) {
    auto parts = fragments_of(udp_frame(kClient, kServer, std::string(40, 'a')), 16);
    auto forged = parts[1];
    forged.back() = 'X';
    parts.insert(parts.begin() + 2, {forged, forged});
    SensorRun run;
    std::vector<TimedFrame> timed;
    for (const auto& part : parts) timed.push_back({kStart, part});
    run.play(timed).finish();
    const auto anomalies = run.sink.of(EventKind::anomaly);
    ASSERT_EQ(anomalies.size(), 1u);
    EXPECT_EQ(anomalies[0].text(Field::network_anomaly), "fragment_overlap_conflict");
    EXPECT_EQ(anomalies[0].ip(Field::source_ip)->to_string(), kClient.address);
    EXPECT_EQ(run.sink.of(EventKind::conn).size(), 1u);
    EXPECT_EQ(run.sensor.counts().conflicts, 1u);
}

TEST(PacketDecoder, FragmentsThatNeverBecomeAPacketAreLetGoAndCounted) {
    Frames frames;
    const std::string frame = udp_frame(kClient, kServer, std::string(100, 'a'));
    for (std::uint16_t id = 0; id < 6000; ++id)
        EXPECT_TRUE(frames(fragments_of(frame, 8, id)[1]).pending);
    EXPECT_LE(frames.decoder.fragments().size(), 4096u);
    EXPECT_GE(frames.decoder.fragments().take_lost(), 6000u - 4096u);
    EXPECT_TRUE(frames(fragments_of(frame, 8, 9)[2], 1, std::chrono::seconds{40}).pending);
    EXPECT_EQ(frames.decoder.fragments().size(), 1u);
}

TEST(PacketDecoder, ManyTinyFragmentsOfOnePacketAreTooMany) {
    Frames frames;
    const auto parts = fragments_of(udp_frame(kClient, kServer, std::string(4000, 'a')), 8);
    ASSERT_GT(parts.size(), 256u);
    for (const auto& part : parts) EXPECT_FALSE(frames(part).has_ports);
    EXPECT_EQ(frames.decoder.fragments().take_lost(), 257u);
}

TEST(PacketDecoder, AFragmentPastTheEndOfIpIsRefused) {
    auto part = fragments_of(udp_frame(kClient, kServer, std::string(100, 'a')), 64)[1];
    part.replace(14 + 6, 2, "\x1F\xFF");
    Frames frames;
    EXPECT_EQ(frames(part).fault, Fault::fragment);
    EXPECT_EQ(frames.decoder.fragments().size(), 0u);
}

TEST(PacketDecoder, TunnelsAreFollowedToThePacketTheyCarry) {
    const std::string frame = inner();
    const std::string packet(ip_packet_of(frame));
    const std::string vni("\x08\0\0\0\0\0\x2A\0", 8);
    const std::string geneve("\x01\0\x65\x58\0\0\x2A\0\1\2\3\4", 12);  // with an option
    const std::vector<std::pair<std::string, Tunnel>> tunnels{
        {in_gre(std::string("\0\0\x08\0", 4), packet), Tunnel::gre},
        {in_gre(std::string("\xB0\0\x08\0\0\0\0\0\0\0\0\1\0\0\0\2", 16), packet), Tunnel::gre},
        {in_gre(std::string("\0\0\x65\x58", 4), frame), Tunnel::gre},
        {ethernet_frame(ip_packet(kTunnelA, kVxlan, 4, packet)), Tunnel::ipip},
        {udp_frame(kTunnelA, kVxlan, vni + frame), Tunnel::vxlan},
        {udp_frame(kTunnelA, kVxlan, "\xFF\1\2\3" + vni.substr(4) + frame), Tunnel::vxlan},
        {udp_frame(kTunnelA, kGeneve, geneve + frame), Tunnel::geneve},
    };
    for (const auto& [outer, tunnel] : tunnels) {
        Frames frames;
        const Decoded out = frames(outer);
        EXPECT_EQ(out.tunnel, tunnel);
        EXPECT_EQ(out.tuple.source.to_string(), kClient.address);
        EXPECT_EQ(as_text(out.payload), "hello");
        EXPECT_EQ(out.fault, Fault::none);
    }
    const std::string six(ip_packet_of(udp_frame(kClient6, kServer6, "six")));
    Frames frames;
    const Decoded out = frames(ethernet_frame(ip_packet(kTunnelA, kVxlan, 41, six)));
    EXPECT_EQ(out.tunnel, Tunnel::sixinfour);
    EXPECT_EQ(out.ip_version, 6);
}

TEST(PacketDecoder, ADatagramToATunnelsPortThatIsNoTunnelStaysOne) {
    Frames frames;
    const Decoded out = frames(udp_frame(kTunnelA, kVxlan, "what is this but a datagram"));
    EXPECT_EQ(out.tunnel, Tunnel::none);
    EXPECT_EQ(out.tuple.destination_port, 4789);
    EXPECT_EQ(out.fault, Fault::none);
}

TEST(PacketDecoder, TunnelsWithinTunnelsAreBounded) {
    std::string packet(ip_packet_of(inner()));
    for (int i = 0; i < kMaximumTunnels; ++i) packet = ip_packet(kTunnelA, kVxlan, 4, packet);
    Frames frames;
    EXPECT_EQ(as_text(frames(ethernet_frame(packet)).payload), "hello");
    const Decoded deeper = frames(ethernet_frame(ip_packet(kTunnelA, kVxlan, 4, packet)));
    EXPECT_EQ(deeper.fault, Fault::tunnel);
    EXPECT_FALSE(deeper.has_ports);
}

TEST(PacketDecoder, AFragmentedTunnelIsPutTogetherAndFollowed) {
    const std::string big = udp_frame(kClient, kServer, std::string(2000, 'b'));
    const auto parts = fragments_of(in_gre(std::string("\0\0\x08\0", 4), ip_packet_of(big)), 1000);
    Frames frames;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) EXPECT_TRUE(frames(parts[i]).pending);
    const Decoded out = frames(parts.back());
    EXPECT_EQ(out.tunnel, Tunnel::gre);
    EXPECT_EQ(out.payload.size(), 2000u);
}

TEST(PacketDecoder, LabelsAndPppoeAreSkipped) {
    const std::string frame = inner();
    const std::string packet(ip_packet_of(frame));
    const std::string ends = frame.substr(0, 12);
    const std::string labels("\x88\x47\0\x01\x00\x40\0\x02\x01\x40", 10);
    const std::string session("\x88\x64\x11\0\0\1\0\x2F\0\x21", 10);
    Frames frames;
    EXPECT_EQ(as_text(frames(ends + labels + packet).payload), "hello");
    EXPECT_EQ(as_text(frames(ends + session + packet).payload), "hello");
    const std::string compressed("\x88\x64\x11\0\0\1\0\x2E\x21", 9);
    EXPECT_EQ(as_text(frames(ends + compressed + packet).payload), "hello");
    std::string endless = ends + "\x88\x47";
    for (int i = 0; i < 20; ++i) endless += std::string("\0\x01\x00\x40", 4);
    EXPECT_EQ(frames(endless).fault, Fault::link);
}

TEST(PacketDecoder, SctpHasPortsAndItsChunksArePayload) {
    const std::string header("\x9C\x40\x0B\x59\0\0\0\1\0\0\0\0", 12);
    Frames frames;
    const Decoded out = frames(ethernet_frame(ip_packet(kClient, kServer, 132, header + "chunk")));
    EXPECT_TRUE(out.has_ports);
    EXPECT_EQ(out.tuple.destination_port, 2905);
    EXPECT_EQ(as_text(out.payload), "chunk");
    EXPECT_EQ(frames(ethernet_frame(ip_packet(kClient, kServer, 132, "short"))).fault, Fault::sctp);
}

TEST(PacketDecoder, TheSameAddressesInTwoVirtualNetworksAreTwoNetworks) {
    const auto in_network = [](char vni, std::uint16_t vlan, bool vlans_apart = true) {
        const std::string header{'\x08', 0, 0, 0, 0, 0, vni, 0};
        Decoder decoder({.checksums = false, .vlans_apart = vlans_apart});
        const std::string frame =
            ethernet_frame(ip_packet_of(udp_frame(kTunnelA, kVxlan, header + inner())), vlan);
        return decoder.decode({1, as_bytes(frame), frame.size(), {}}).tuple.network;
    };
    EXPECT_EQ(in_network(42, 0), in_network(42, 0));
    EXPECT_NE(in_network(42, 0), in_network(43, 0));
    EXPECT_NE(in_network(42, 7), in_network(42, 8));
    EXPECT_EQ(in_network(42, 7, false), in_network(42, 8, false));
    EXPECT_NE(in_network(0, 0), Frames()(inner()).tuple.network) << "network 0 is one as well";
    EXPECT_EQ(Frames()(inner()).tuple.network, 0u);
}

TEST(PacketDecoder, AWrongSctpChecksumIsAFaultOnRequest) {
    // CRC-32c of "123456789" is 0xE3069283; here of a header with ports 1 and 2 and no chunk.
    std::string packet("\0\1\0\2\0\0\0\0\xFD\x98\x80\x51", 12);
    const auto fault = [&] {
        return Frames(true)(ethernet_frame(ip_packet(kClient, kServer, 132, packet))).fault;
    };
    EXPECT_EQ(fault(), Fault::none);
    packet[8] = static_cast<char>(packet[8] ^ 1);
    EXPECT_EQ(fault(), Fault::checksum);
    EXPECT_EQ(Frames()(ethernet_frame(ip_packet(kClient, kServer, 132, packet))).fault,
              Fault::none);
}

TEST(PacketDecoder, WrongChecksumsAreFaultsOnRequestOnly) {
    std::string frame = udp_frame(kClient, kServer, "x");  // UDP without a checksum
    EXPECT_EQ(Frames(true)(frame).fault, Fault::none);
    std::string wrong_header = frame;
    wrong_header[14 + 10] = static_cast<char>(wrong_header[14 + 10] ^ 1);
    EXPECT_EQ(Frames(true)(wrong_header).fault, Fault::checksum);
    EXPECT_EQ(Frames()(wrong_header).fault, Fault::none);
    std::string wrong_sum = frame;
    wrong_sum[14 + 20 + 7] = 1;
    EXPECT_EQ(Frames(true)(wrong_sum).fault, Fault::checksum);
    // An echo request whose sum is known: type 8, then nothing but its checksum.
    std::string echo = icmp_frame(kClient, kServer, 8, 0, "");
    echo.replace(14 + 20 + 2, 2, "\xF7\xFF");
    EXPECT_EQ(Frames(true)(echo).fault, Fault::none);
}

}  // namespace
}  // namespace kentongan::packet
