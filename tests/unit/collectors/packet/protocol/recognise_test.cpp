#include <gtest/gtest.h>

#include "collectors/packet/protocol/recognise.hpp"
#include "tests/unit/collectors/packet/protocol/dns_messages.hpp"
#include "tests/unit/collectors/packet/protocol/quic_packets.hpp"
#include "tests/unit/collectors/packet/protocol/sql_messages.hpp"
#include "tests/unit/collectors/packet/protocol/tls_conversation.hpp"

namespace kentongan::packet {
namespace {

std::string answer(const Recognition& found) {
    return found.dissector ? "known" : found.undecided ? "undecided" : "none";
}
std::string stream(std::string_view client, std::string_view server, std::uint16_t port = 4444) {
    return answer(recognise_stream(as_bytes(client), as_bytes(server), port, {}));
}
bool datagram(std::string_view head, std::uint16_t port = 4444) {
    return recognise_datagram(as_bytes(head), 50000, port, {}) != nullptr;
}

/// With fewer bytes it was undecided before: never wrong.
void expect_known_in_the_end(std::string_view client, std::string_view server) {
    EXPECT_EQ(stream(client, server), "known");
    for (std::size_t i = 0; i < client.size(); ++i)
        EXPECT_NE(stream(client.substr(0, i), server), "none") << i;
    for (std::size_t i = 0; i < server.size(); ++i)
        EXPECT_NE(stream({}, server.substr(0, i)), "none") << i;
}

TEST(PacketRecognise, EachStreamProtocolOnAnyPort) {
    expect_known_in_the_end(TlsTalk(TLS1_3_VERSION).run().front().bytes, {});
    expect_known_in_the_end("SSH-2.0-x\r\n", {});
    expect_known_in_the_end({}, "SSH-2.0-OpenSSH_9.2\r\n");
    expect_known_in_the_end(pg_startup(), {});
    expect_known_in_the_end(number(8, 4) + number(80877103, 4), {});
    expect_known_in_the_end({}, my_greeting(0x8200));
    expect_known_in_the_end(sized(dns_query(7, "kpu.go.id"), 2), {});
    expect_known_in_the_end("EHLO x\r\n", "220 mx\r\n");
    expect_known_in_the_end({}, "220 mx.example ESMTP Postfix\r\n");
    expect_known_in_the_end("USER budi\r\n", "220 (vsFTPd 3.0.3)\r\n");
    expect_known_in_the_end("auth tls\r\n", "220 x\r\n");
}

TEST(PacketRecognise, AGreetingThatSaysNothingWaitsForTheFirstCommand) {
    EXPECT_EQ(stream({}, "220 welcome\r\n"), "undecided");
    EXPECT_EQ(stream("EH", "220 welcome\r\n"), "undecided");
    EXPECT_EQ(stream("HELO a\r\n", "220 welcome\r\n"), "known");
}

TEST(PacketRecognise, AQueryOnDnsPortIsReadHoweverOdd) {
    const std::string with_answer =
        dns_header(7, 0x0100, 1, 1) + dns_question("kpu.go.id", 1) + dns_record(1, "\x0A\0\0\1");
    const std::string several =
        dns_header(0, 0, 2, 0) + dns_question("a.local", 12) + dns_question("b.local", 12);
    const std::string with_code = dns_header(7, 0x0103, 1, 0) + dns_question("kpu.go.id", 1);
    for (const std::string& odd : {with_answer, several, with_code}) {
        EXPECT_TRUE(datagram(odd, 53));
        EXPECT_FALSE(datagram(odd)) << "elsewhere it may be anything";
    }
    const std::string update = dns_header(7, 0x2800, 1, 0) + dns_question("kpu.go.id", 6);
    EXPECT_EQ(stream(sized(update, 2), {}, 53), "known");
    EXPECT_EQ(stream(sized(update, 2), {}), "none");
    EXPECT_FALSE(datagram("what is this", 53));
}

TEST(PacketRecognise, LookAlikesAreNone) {
    EXPECT_EQ(stream("USER budi\r\n", "+OK POP3 ready\r\n"), "none");
    EXPECT_EQ(stream("NICK x\r\nUSER x 0 * :x\r\n", {}), "none");
    EXPECT_EQ(stream(from_hex("16030102000200"), {}), "none");  // a server's hello
    EXPECT_EQ(stream("\x17\x03\x03 data", {}), "none");
    EXPECT_EQ(stream("SSX-2.0-x", {}), "none");
    EXPECT_EQ(stream(number(8, 4) + number(80877199, 4) + std::string(20, 'x'), {}), "none");
    EXPECT_EQ(stream(sized(std::string(20, '\xFF'), 2), {}), "none");
    EXPECT_EQ(stream("hello world, how are you", {}), "none");
}

TEST(PacketRecognise, RandomBytesAreDecidedAtLast) {
    std::uint32_t state = 1;
    for (int round = 0; round < 500; ++round) {
        std::string bytes(kRecognitionBytes, '\0');
        for (char& c : bytes) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
        EXPECT_EQ(stream(bytes, bytes), "none");
    }
}

TEST(PacketRecognise, NothingIsSaidOfNothing) { EXPECT_EQ(stream({}, {}), "undecided"); }

TEST(PacketRecognise, DatagramsByTheirContent) {
    EXPECT_TRUE(datagram(dns_query(1, "kpu.go.id"), 53));
    EXPECT_TRUE(datagram(dns_query(1, "kpu.go.id")));
    EXPECT_TRUE(datagram(dns_answer(1, "kpu.go.id", 1, "\x01\x02\x03\x04")));
    EXPECT_TRUE(datagram(client_initial(kRfcFrames, 1, 2)));
}

TEST(PacketRecognise, DatagramsThatOnlyLookLikeIt) {
    EXPECT_FALSE(datagram(dns_query(1, "kpu.go.id") + "and more"));
    EXPECT_TRUE(datagram(dns_query(1, "kpu.go.id") + "and more", 53));
    EXPECT_FALSE(datagram("", 53));
    EXPECT_FALSE(datagram(std::string(48, '\x1B'), 123));
    EXPECT_FALSE(datagram("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", 6881));
    std::string packet = client_initial(kRfcFrames, 1, 2);
    packet[4] = 7;
    EXPECT_FALSE(datagram(packet, 443));
}

}  // namespace
}  // namespace kentongan::packet
