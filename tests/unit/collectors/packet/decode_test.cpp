#include "collectors/packet/decode.hpp"

#include <gtest/gtest.h>

#include "tests/support/packet_builder.hpp"

namespace kentongan::packet {
namespace {

constexpr PacketEnd kClient{"192.0.2.10", 40000};
constexpr PacketEnd kServer{"198.51.100.5", 80};
constexpr PacketEnd kClient6{"2001:db8::10", 40000};
constexpr PacketEnd kServer6{"2001:db8::5", 443};
constexpr int kEthernet = 1;
constexpr int kRawIp = 12;

std::string a_frame() {
    return tcp_frame(kClient, kServer,
                     {.flags = 24, .sequence = 7, .acknowledged = 9, .payload = "hello"});
}

/// Like a_frame() with `bytes` written over the IP header from `offset`.
Decoded decode_patched(std::size_t offset, std::string_view bytes) {
    std::string frame = a_frame();
    frame.replace(14 + offset, bytes.size(), bytes);
    return decode(kEthernet, as_bytes(frame));
}

std::string extension(char next, char length, std::string_view rest) {
    return std::string{next, length}.append(rest);
}

std::string ipv6_packet(char next, const std::string& payload) {
    std::string out = std::string("\x60\0\0\0", 4);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size());
    out += next;
    out += std::string(33, '\x20');
    return out + payload;
}

TEST(PacketDecode, TcpOverEthernetGivesEndsFlagsAndPayload) {
    const std::string frame = a_frame();
    const Decoded out = decode(kEthernet, as_bytes(frame));
    ASSERT_EQ(out.fault, Fault::none);
    ASSERT_TRUE(out.has_ports);
    EXPECT_EQ(out.tuple.source.to_string(), "192.0.2.10");
    EXPECT_EQ(out.tuple.destination.to_string(), "198.51.100.5");
    EXPECT_EQ(out.tuple.source_port, 40000);
    EXPECT_EQ(out.tuple.destination_port, 80);
    EXPECT_EQ(out.flags, 24);
    EXPECT_EQ(out.sequence, 7u);
    EXPECT_EQ(out.acknowledged, 9u);
    EXPECT_EQ(as_text(out.payload), "hello");
    EXPECT_EQ(out.ip_bytes, 45u);
}

TEST(PacketDecode, EthernetPaddingIsNotPayload) {
    const std::string frame = a_frame() + std::string(20, '\0');
    EXPECT_EQ(as_text(decode(kEthernet, as_bytes(frame)).payload), "hello");
}

TEST(PacketDecode, VlanTagsAreSkippedAndTheOuterIdKept) {
    const std::string frame = tcp_frame(kClient, kServer, {.payload = "x", .vlan = 101});
    const Decoded one = decode(kEthernet, as_bytes(frame));
    EXPECT_EQ(one.vlan, 101);
    EXPECT_EQ(as_text(one.payload), "x");
    std::string two = frame;
    two.insert(12, std::string("\x88\xA8\x00\x07", 4));
    const Decoded outer = decode(kEthernet, as_bytes(two));
    EXPECT_EQ(outer.vlan, 7);
    EXPECT_EQ(as_text(outer.payload), "x");
}

TEST(PacketDecode, EveryLinkTypeLeadsToTheSamePacket) {
    const std::string frame = a_frame();
    const std::string packet(ip_packet_of(frame));
    const std::string cooked = std::string(14, '\0') + std::string("\x08\x00", 2) + packet;
    const std::string cooked2 = std::string("\x08\x00", 2) + std::string(18, '\0') + packet;
    const std::string little = std::string("\x02\0\0\0", 4) + packet;
    const std::string big = std::string("\0\0\0\x02", 4) + packet;
    for (const auto& [linktype, bytes] : std::vector<std::pair<int, std::string>>{{kRawIp, packet},
                                                                                  {113, cooked},
                                                                                  {276, cooked2},
                                                                                  {0, little},
                                                                                  {0, big},
                                                                                  {108, big},
                                                                                  {228, packet}})
        EXPECT_EQ(as_text(decode(linktype, as_bytes(bytes)).payload), "hello") << linktype;
    EXPECT_EQ(decode(147, as_bytes(packet)).fault, Fault::linktype);
}

TEST(PacketDecode, Ipv6ExtensionHeadersAreFollowed) {
    const std::string frame = udp_frame(kClient6, kServer6, "dns");
    EXPECT_EQ(as_text(decode(kEthernet, as_bytes(frame)).payload), "dns");
    EXPECT_EQ(decode(kEthernet, as_bytes(frame)).ip_version, 6);
    const std::string udp(ip_packet_of(frame).substr(40));
    const std::string hop = extension(17, 0, std::string(6, '\0')) + udp;
    EXPECT_EQ(as_text(decode(kRawIp, as_bytes(ipv6_packet(0, hop))).payload), "dns");
    const std::string auth = extension(17, 1, std::string(10, '\0')) + udp;
    EXPECT_EQ(as_text(decode(kRawIp, as_bytes(ipv6_packet(51, auth))).payload), "dns");
}

TEST(PacketDecode, Ipv6ExtensionHeadersAreBounded) {
    std::string chain;
    for (int i = 0; i < 20; ++i) chain += extension(0, 0, std::string(6, '\0'));
    EXPECT_EQ(decode(kRawIp, as_bytes(ipv6_packet(0, chain))).fault, Fault::ipv6);
    const std::string overlong = extension(17, '\x40', std::string(6, '\0'));
    EXPECT_EQ(decode(kRawIp, as_bytes(ipv6_packet(0, overlong))).fault, Fault::ipv6);
}

TEST(PacketDecode, OnlyTheFirstFragmentHasPorts) {
    const Decoded first = decode_patched(6, std::string_view("\x20\x00", 2));
    EXPECT_TRUE(first.has_ports);
    const Decoded later = decode_patched(6, std::string_view("\x20\x10", 2));
    EXPECT_EQ(later.fault, Fault::fragment);
    EXPECT_FALSE(later.has_ports);
    const std::string fragment = extension(17, 0, std::string("\0\x08\0\0\0\0", 6)) + "datadata";
    EXPECT_EQ(decode(kRawIp, as_bytes(ipv6_packet(44, fragment))).fault, Fault::fragment);
}

TEST(PacketDecode, LengthsThatDisagreeAreFaults) {
    EXPECT_EQ(decode_patched(0, "\x41").fault, Fault::ipv4);      // header of 4 bytes
    EXPECT_EQ(decode_patched(0, "\x65").fault, Fault::ipv4);      // version 6 as IPv4
    EXPECT_EQ(decode_patched(2, "\x7F\xFF").fault, Fault::ipv4);  // longer than the frame
    EXPECT_EQ(decode_patched(2, std::string_view("\x00\x10", 2)).fault, Fault::ipv4);
    EXPECT_EQ(decode_patched(2, std::string_view("\x00\x20", 2)).fault, Fault::tcp);
    EXPECT_EQ(decode_patched(32, "\x20").fault, Fault::tcp);  // header of 8 bytes
    EXPECT_EQ(decode_patched(32, "\xF0").fault, Fault::tcp);  // past the packet's end
    EXPECT_EQ(decode(kEthernet, as_bytes("short")).fault, Fault::link);
}

TEST(PacketDecode, CutCapturesKeepTheLengthAsSent) {
    const std::string frame = a_frame();
    const Decoded out =
        decode(kEthernet, as_bytes(std::string_view(frame).substr(0, 56)), frame.size());
    EXPECT_EQ(out.fault, Fault::none);
    EXPECT_EQ(out.payload_bytes, 5u);
    EXPECT_EQ(as_text(out.payload), "he");
}

TEST(PacketDecode, EveryPrefixOfAPacketIsSafe) {
    for (const std::string& frame : {a_frame(), udp_frame(kClient6, kServer6, "abc"),
                                     icmp_frame(kServer, kClient, 3, 1, ip_packet_of(a_frame()))})
        for (std::size_t n = 0; n <= frame.size(); ++n) {
            const std::string cut = frame.substr(0, n);
            const Decoded out = decode(kEthernet, as_bytes(cut));
            if (n < frame.size()) {
                EXPECT_NE(out.fault, Fault::none) << n;
            }
            (void)quoted_by(out);
        }
}

TEST(PacketDecode, IcmpPairsRequestsWithAnswers) {
    const std::string ask = icmp_frame(kClient, kServer, 8, 0, "");
    const Decoded request = decode(kEthernet, as_bytes(ask));
    EXPECT_EQ(request.tuple.source_port, 8);
    EXPECT_EQ(request.tuple.destination_port, 0);
    EXPECT_FALSE(request.tuple.one_way);
    const std::string error = icmp_frame(kClient, kServer, 3, 1, "");
    EXPECT_TRUE(decode(kEthernet, as_bytes(error)).tuple.one_way);
}

TEST(PacketDecode, UnreachableQuotesTheAttempt) {
    const std::string syn = tcp_frame(kClient, kServer, {.flags = 2, .sequence = 77});
    const auto quote = ip_packet_of(syn).substr(0, 28);  // as RFC 792 has it
    const std::string error = icmp_frame(kServer, kClient, 3, 1, quote);
    const auto out = quoted_by(decode(kEthernet, as_bytes(error)));
    ASSERT_TRUE(out);
    EXPECT_EQ(out->tuple.source_port, 40000);
    EXPECT_EQ(out->tuple.destination.to_string(), "198.51.100.5");
    EXPECT_EQ(out->sequence, 77u);
    EXPECT_FALSE(quoted_by(decode(kEthernet, as_bytes(syn))));
}

}  // namespace
}  // namespace kentongan::packet
