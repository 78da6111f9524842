#include <gtest/gtest.h>

#include <openssl/pem.h>

#include "collectors/packet/protocol/tls/fingerprint.hpp"
#include "collectors/packet/protocol/tls/names.hpp"
#include "collectors/packet/protocol/tls/tls_dissector.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/md5.hpp"
#include "tests/unit/collectors/packet/protocol/tls_conversation.hpp"

namespace kentongan::packet {
namespace {

using Outcome = Dissector::Outcome;

TEST(PacketTls, AHandshakeOfTls12IsOneEventWithItsCertificate) {
    Talk talk(make_tls_dissector());
    talk.play(TlsTalk(TLS1_2_VERSION, "http/1.1").run());
    EXPECT_EQ(talk.outcome, Outcome::done);
    ASSERT_EQ(talk.events().size(), 1u);
    const Event& event = talk.events().front();
    EXPECT_EQ(event.kind, EventKind::tls);
    EXPECT_EQ(event.logsource.product, "zeek");
    EXPECT_EQ(event.logsource.service, "ssl");
    EXPECT_EQ(event.also.service, "x509");
    EXPECT_EQ(event.text(Field::network_protocol), "tls");
    EXPECT_EQ(event.text(Field::tls_version), "TLSv12");
    EXPECT_TRUE(event.text(Field::tls_cipher).starts_with("TLS_ECDHE_"));
    EXPECT_EQ(event.text(Field::tls_curve), "x25519");
    EXPECT_EQ(event.text(Field::tls_client_server_name), "sirekap.test");
    EXPECT_EQ(event.text(Field::tls_next_protocol), "http/1.1");
    EXPECT_TRUE(event.get(Field::tls_established).boolean());
    EXPECT_FALSE(event.get(Field::tls_resumed).boolean());
    EXPECT_EQ(event.text(Field::tls_server_alternative_names), "sirekap.test");
    EXPECT_FALSE(event.text(Field::tls_server_subject).empty());
    EXPECT_FALSE(event.text(Field::tls_server_issuer).empty());
    EXPECT_TRUE(parse_rfc3339(event.text(Field::tls_server_not_after)).has_value());
    EXPECT_EQ(event.text(Field::tls_server_hash_sha1).size(), 40u);
    EXPECT_EQ(event.text(Field::tls_server_hash_sha256).size(), 64u);
    EXPECT_EQ(event.integer(Field::tls_server_chain_length), 1);
    EXPECT_TRUE(event.text(Field::tls_client_ja4).starts_with("t12d"));
}

TEST(PacketTls, AHandshakeOfTls13IsEstablishedByTheClientsFinished) {
    Talk talk(make_tls_dissector());
    talk.play(TlsTalk(TLS1_3_VERSION, "h2").run());
    ASSERT_EQ(talk.events().size(), 1u);
    const Event& event = talk.events().front();
    EXPECT_EQ(event.text(Field::tls_version), "TLSv13");
    EXPECT_EQ(event.text(Field::tls_cipher), "TLS_AES_256_GCM_SHA384");
    EXPECT_EQ(event.text(Field::tls_curve), "x25519");
    EXPECT_TRUE(event.get(Field::tls_established).boolean());
    EXPECT_FALSE(event.has(Field::tls_server_subject));  // it is encrypted
    EXPECT_TRUE(event.text(Field::tls_client_ja4).starts_with("t13d"));
    EXPECT_NE(event.text(Field::tls_client_ja4).find("h2_"), std::string_view::npos);
}

TEST(PacketTls, AResumedSessionSaysSo) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        TlsTalk talk(version);
        (void)talk.run();
        SSL_SESSION* session = SSL_get1_session(talk.client());
        Talk seen(make_tls_dissector());
        seen.play(talk.run(session));
        SSL_SESSION_free(session);
        ASSERT_EQ(seen.events().size(), 1u);
        EXPECT_TRUE(seen.events()[0].get(Field::tls_resumed).boolean()) << version;
        EXPECT_TRUE(seen.events()[0].get(Field::tls_established).boolean());
    }
}

TEST(PacketTls, ARefusedClientLeavesAnAlertAndNoEstablishedSession) {
    TlsTalk made(TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(made.server_context(), TLS1_3_VERSION);
    SSL_CTX_set_min_proto_version(made.server_context(), TLS1_3_VERSION);
    Talk talk(make_tls_dissector());
    talk.play(made.run());
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::tls_alert), "protocol_version");
    EXPECT_FALSE(talk.events()[0].get(Field::tls_established).boolean());
    EXPECT_FALSE(talk.events()[0].has(Field::tls_version));
}

TEST(PacketTls, TheSameEventHoweverTheBytesAreCut) {
    expect_the_same_however_cut(make_tls_dissector, TlsTalk(TLS1_2_VERSION, "http/1.1").run());
    expect_the_same_however_cut(make_tls_dissector, TlsTalk(TLS1_3_VERSION, "h2").run());
}

TEST(PacketTls, AClientHelloAloneIsToldWhenTheStreamEndsAndOnce) {
    Talk talk(make_tls_dissector());
    talk.play({TlsTalk(TLS1_3_VERSION).run().front()});
    EXPECT_TRUE(talk.events().empty());
    talk.end();
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_FALSE(talk.events()[0].get(Field::tls_established).boolean());
    EXPECT_FALSE(talk.events()[0].has(Field::tls_cipher));
}

TEST(PacketTls, AListThatIsTooLongIsCutAndCounted) {
    TlsTalk hello(TLS1_3_VERSION);
    std::string offer;
    for (int i = 0; i < 20; ++i) offer += sized("p" + std::to_string(i), 1);
    SSL_CTX_set_alpn_protos(hello.client_context(), as_bytes(offer).data(),
                            static_cast<unsigned>(offer.size()));
    Talk talk(make_tls_dissector());
    talk.play({hello.run().front()}).end();
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.sink.evictions[static_cast<std::size_t>(Table::tls)], 1);
}

TEST(PacketTls, AGapEndsTheReadingButNotTheEvent) {
    Talk talk(make_tls_dissector());
    talk.play({TlsTalk(TLS1_3_VERSION).run().front()});
    EXPECT_EQ(talk.dissector->gap(Side::responder, 1000, talk.at, talk.sink), Outcome::foreign);
    talk.end();
    EXPECT_EQ(talk.events().size(), 1u);
}

TEST(PacketTls, WhatIsNoRecordIsForeign) {
    Talk talk(make_tls_dissector());
    talk.play({client_said("GET / HTTP/1.1\r\n\r\n")}).end();
    EXPECT_EQ(talk.outcome, Outcome::foreign);
    EXPECT_TRUE(talk.events().empty());
}

TEST(PacketTls, AHugeMessageIsPassedOverAndNothingIsHeldForIt) {
    std::string script = std::string("\x0B") + number(0xFFFFFF, 3);
    Talk talk(make_tls_dissector());
    talk.play({TlsTalk(TLS1_2_VERSION).run().front()});
    talk.play({server_said("\x16\x03\x03" + sized(script, 2))});
    for (int i = 0; i < 64; ++i)
        talk.play({server_said("\x16\x03\x03" + sized(std::string(16000, 'x'), 2))});
    EXPECT_EQ(talk.outcome, Outcome::more);
    EXPECT_LT(talk.most_held, 70000u);
}

// The example of FoxIO's definition of JA4: a Chrome of 2023 with GREASE.
tls::ClientHello chrome() {
    tls::ClientHello hello;
    hello.version = 0x0303;
    hello.names_server = true;
    hello.protocols = {"h2", "http/1.1"};
    hello.versions = {0x0A0A, 0x0304, 0x0303};
    hello.ciphers = {0x2A2A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030,
                     0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035};
    hello.extensions = {0x7A7A, 0x001B, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002D, 0x000D,
                        0x0005, 0x0023, 0x0012, 0x002B, 0xFF01, 0x000B, 0x000A, 0x0015};
    hello.signature_algorithms = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
    return hello;
}

TEST(PacketTlsFingerprint, Ja4IsThatOfThePublishedExample) {
    EXPECT_EQ(tls::ja4(chrome(), 't'), "t13d1516h2_8daaf6152771_e5627efa2ab1");
    EXPECT_EQ(tls::ja4(chrome(), 'q').substr(0, 4), "q13d");
}

TEST(PacketTlsFingerprint, Ja4OfAHelloWithNothingInItIsZeros) {
    tls::ClientHello hello;
    hello.version = 0x0301;
    EXPECT_EQ(tls::ja4(hello, 't'), "t10i000000_000000000000_000000000000");
}

TEST(PacketTlsFingerprint, Ja4WritesAProtocolThatIsNoTextAsHex) {
    tls::ClientHello hello = chrome();
    hello.protocols = {"\xAB\xCD"};
    EXPECT_EQ(tls::ja4(hello, 't').substr(8, 2), "ad");
}

TEST(PacketTlsFingerprint, Ja3IsThatOfThePublishedExamples) {
    tls::ClientHello hello;
    hello.version = 769;
    hello.ciphers = {0x1A1A, 47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4};
    hello.extensions = {0xFAFA, 0, 10, 11};
    hello.groups = {0x0A0A, 23, 24, 25};
    const std::string formats(1, '\0');
    hello.point_formats = as_bytes(formats);
    EXPECT_EQ(tls::ja3_text(hello),
              "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
    EXPECT_EQ(tls::ja3(hello), "ada70206e40642a3e4461f35503241d5");
    hello = {};
    hello.version = 769;
    hello.ciphers = {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99};
    EXPECT_EQ(tls::ja3(hello), "de350869b8c85de67a350c8d186f11e6");
}

TEST(PacketTlsFingerprint, Ja3sIsVersionCipherAndExtensions) {
    tls::ServerHello hello;
    hello.legacy_version = 769;
    hello.cipher = 47;
    hello.extensions = {65281, 0, 11, 35, 5, 16};
    EXPECT_EQ(tls::ja3s_text(hello), "769,47,65281-0-11-35-5-16");
    EXPECT_EQ(tls::ja3s(hello), to_hex(md5("769,47,65281-0-11-35-5-16")));
}

TEST(PacketTlsNames, AreThoseOfZeekAndIana) {
    EXPECT_EQ(tls::version_name(0x0301), "TLSv10");
    EXPECT_EQ(tls::cipher_name(0xC02F), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    EXPECT_EQ(tls::cipher_name(0x0005), "TLS_RSA_WITH_RC4_128_SHA");
    EXPECT_EQ(tls::cipher_name(0x1301), "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(tls::cipher_name(0x9999), "unknown-39321");
    EXPECT_EQ(tls::alert_name(48), "unknown_ca");
}

}  // namespace
}  // namespace kentongan::packet
