#include <gtest/gtest.h>

#include "collectors/packet/protocol/quic/quic_dissector.hpp"
#include "daemon/base/digest.hpp"
#include "tests/unit/collectors/packet/protocol/quic_packets.hpp"

namespace kentongan::packet {
namespace {

constexpr std::uint32_t kVersion2 = 0x6b3343cf;

std::string hex(std::string_view text) { return to_hex(as_bytes(text)); }

TEST(PacketQuic, KeysAreThoseOfRfc9001) {
    const auto client = quic::initial_keys(1, as_bytes(kRfcId), true);
    ASSERT_TRUE(client);
    EXPECT_EQ(hex(client->key), "1f369613dd76d5467730efcbe3b1a22d");
    EXPECT_EQ(hex(client->iv), "fa044b2f42a3fd3b46fb255c");
    EXPECT_EQ(hex(client->header_protection), "9f50449e04a0e810283a1e9933adedd2");
    const auto server = quic::initial_keys(1, as_bytes(kRfcId), false);
    ASSERT_TRUE(server);
    EXPECT_EQ(hex(server->key), "cf3a5331653c364c88f0f379b6067e37");
    EXPECT_EQ(hex(server->iv), "0ac1493ca1905853b0bba03e");
    EXPECT_EQ(hex(server->header_protection), "c206b8d9b9f0f37644430b490eeaa314");
}

TEST(PacketQuic, ThePacketMadeHereIsThatOfTheRfc) {
    const std::string packet = client_initial(kRfcFrames, 1, 2);
    EXPECT_EQ(packet.size(), 1200u);
    EXPECT_EQ(hex(packet).substr(0, 64),
              "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11");
    EXPECT_EQ(hex(packet).substr(2400 - 32), "e221af44860018ab0856972e194cd934");
}

TEST(PacketQuic, BothHellosOfTheRfcAreOneTlsEvent) {
    Talk talk(make_quic_dissector());
    talk.play({client_said(client_initial(kRfcFrames, 1, 2)), server_said(kRfcServer)});
    EXPECT_EQ(talk.outcome, Dissector::Outcome::done);
    ASSERT_EQ(talk.events().size(), 1u);
    const Event& event = talk.events().front();
    EXPECT_EQ(event.kind, EventKind::tls);
    EXPECT_EQ(event.text(Field::network_protocol), "quic");
    EXPECT_EQ(event.text(Field::quic_version), "1");
    EXPECT_EQ(event.text(Field::tls_client_server_name), "example.com");
    EXPECT_EQ(event.text(*find_field("tls.client.supported_protocols")), "alpn");
    EXPECT_TRUE(event.text(Field::tls_client_ja4).starts_with("q13d0211an_"));
    EXPECT_EQ(event.text(Field::tls_version), "TLSv13");
    EXPECT_EQ(event.text(Field::tls_cipher), "TLS_AES_128_GCM_SHA256");
    EXPECT_FALSE(event.has(Field::tls_established));
}

TEST(PacketQuic, Version2IsReadWithItsOwnKeys) {
    Talk talk(make_quic_dissector());
    talk.play({client_said(client_initial(kRfcFrames, kVersion2, 0))}).end();
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::quic_version), "2");
    EXPECT_EQ(talk.events()[0].text(Field::tls_client_server_name), "example.com");
}

TEST(PacketQuic, AHelloOverSeveralPacketsInAnyOrderIsPutTogether) {
    const std::string end = crypto_frame(150, kRfcHelloBytes - 150);
    const std::string middle = crypto_frame(40, 120);
    const std::string begin = crypto_frame(0, 50);
    Talk talk(make_quic_dissector());
    talk.play({client_said(client_initial(end + middle, 1, 0)),
               client_said(client_initial(begin, 1, 1))});
    ASSERT_EQ(talk.end().events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::tls_client_server_name), "example.com");
}

TEST(PacketQuic, WhatFollowsTheHandshakeTellsAHelloWithoutAnAnswer) {
    Talk talk(make_quic_dissector());
    talk.play({client_said(client_initial(kRfcFrames, 1, 0)), client_said("\x40short header")});
    EXPECT_EQ(talk.outcome, Dissector::Outcome::done);
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_FALSE(talk.events()[0].has(Field::tls_version));
}

TEST(PacketQuic, APacketThatDoesNotAuthenticateIsForeign) {
    std::string packet = client_initial(kRfcFrames, 1, 2);
    packet.back() = static_cast<char>(packet.back() ^ 1);
    Talk talk(make_quic_dissector());
    talk.play({client_said(packet)}).end();
    EXPECT_EQ(talk.outcome, Dissector::Outcome::foreign);
    EXPECT_TRUE(talk.events().empty());
}

TEST(PacketQuic, CryptoBytesFarAwayAreCounted) {
    Talk talk(make_quic_dissector());
    talk.play({client_said(client_initial(crypto_frame(0, 50), 1, 0))});
    talk.play({client_said(client_initial(from_hex("0680009c400178"), 1, 1))});
    EXPECT_EQ(talk.sink.evictions[static_cast<std::size_t>(Table::quic)], 1);
}

TEST(PacketQuic, CryptoBytesFarAwayAreNotHeld) {
    CryptoStream stream;
    EXPECT_FALSE(stream.add(CryptoStream::kLargest, as_bytes("x")));
    EXPECT_FALSE(stream.add(UINT64_MAX, as_bytes("x")));
    for (std::uint64_t i = 0; i < 200; ++i) (void)stream.add(2 + i * 2, as_bytes("x"));
    EXPECT_TRUE(stream.in_order().empty());
    EXPECT_LT(stream.held_bytes(), 70000u);
}

TEST(PacketQuic, EveryBeginningOfAPacketIsReadWithoutHarm) {
    const std::string packet = client_initial(kRfcFrames, 1, 2);
    for (std::size_t size = 0; size < packet.size(); ++size) {
        const std::string part = packet.substr(0, size);
        EXPECT_FALSE(quic::parse_initial(as_bytes(part))) << size;
    }
}

}  // namespace
}  // namespace kentongan::packet
