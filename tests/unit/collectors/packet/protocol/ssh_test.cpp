#include <gtest/gtest.h>

#include "collectors/packet/protocol/ssh/packets.hpp"
#include "collectors/packet/protocol/ssh/ssh_dissector.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/md5.hpp"
#include "tests/unit/collectors/packet/protocol/recording_protocol.hpp"

namespace kentongan::packet {
namespace {

std::string packet(std::string_view payload) {
    const std::size_t padding = 4 + (8 - (payload.size() + 9) % 8) % 8;
    return number(payload.size() + padding + 1, 4) + number(padding, 1) + std::string(payload) +
           std::string(padding, '\0');
}

std::string offer(std::string_view mark) {
    std::string out = "\x14" + std::string(16, 'c');
    for (const std::string_view list :
         {"kex-a,kex-b", "ssh-ed25519", "enc-cs", "enc-sc", "mac-cs", "mac-sc", "none", "zlib"})
        out += sized(std::string(list) + std::string(mark), 4);
    return packet(out + sized("", 4) + sized("", 4) + std::string(5, '\0'));
}

/// Up to NEWKEYS of both ends.
std::vector<Said> begun() {
    return {client_said("SSH-2.0-libssh_0.9\r\n"), server_said("SSH-2.0-OpenSSH_9.2\r\n"),
            client_said(offer("1")),
            server_said(offer("2") + packet("\x1Fkeys") + packet("\x15") + std::string(60, 'e')),
            client_said(packet("\x15"))};
}
/// What the server answers a login with, in the sizes of chacha20-poly1305.
constexpr std::size_t kAccept = 44;
constexpr std::size_t kSuccess = kAccept - 16;
constexpr std::size_t kFailure = 76;

void ask_and_answer(std::vector<Said>& script, std::size_t answer) {
    script.push_back(client_said(std::string(100 + script.size(), 'q')));
    script.push_back(server_said(std::string(answer, 'a')));
}

TEST(PacketSsh, BannersAndFingerprintsOfBothEndsAreInTheEvent) {
    Talk talk(make_ssh_dissector());
    talk.play(begun()).end();
    ASSERT_EQ(talk.events().size(), 1u);
    const Event& event = talk.events().front();
    EXPECT_EQ(event.kind, EventKind::ssh);
    EXPECT_EQ(event.logsource.service, "ssh");
    EXPECT_EQ(event.text(Field::ssh_client_version), "SSH-2.0-libssh_0.9");
    EXPECT_EQ(event.text(Field::ssh_server_version), "SSH-2.0-OpenSSH_9.2");
    EXPECT_EQ(event.text(Field::ssh_client_hassh),
              to_hex(md5("kex-a,kex-b1;enc-cs1;mac-cs1;none1")));
    EXPECT_EQ(event.text(Field::ssh_server_hassh),
              to_hex(md5("kex-a,kex-b2;enc-sc2;mac-sc2;zlib2")));
    EXPECT_EQ(event.text(Field::event_outcome), "unknown");
    EXPECT_EQ(event.integer(Field::ssh_auth_attempts), 0);
    EXPECT_FALSE(event.has(Field::event_reason));
}

TEST(PacketSsh, ALoginAfterTwoFailuresIsGuessedAsSuccess) {
    auto script = begun();
    for (const std::size_t answer : {kAccept, kFailure, kFailure, kFailure, kSuccess})
        ask_and_answer(script, answer);
    script.push_back(client_said("channel"));
    Talk talk(make_ssh_dissector());
    talk.play(script);
    EXPECT_EQ(talk.outcome, Dissector::Outcome::done);
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::event_outcome), "success");
    EXPECT_EQ(talk.events()[0].integer(Field::ssh_auth_attempts), 3);
    EXPECT_TRUE(talk.events()[0].has(Field::event_reason));
    EXPECT_TRUE(talk.events()[0].get(*find_field("auth_success")).boolean());
    EXPECT_EQ(talk.logins(), "failure , failure , success ");
    EXPECT_EQ(talk.sink.logins[0].text(Field::event_action), "ssh-login");
    EXPECT_TRUE(talk.sink.logins[0].has(Field::event_reason)) << "says that it is a guess";
}

TEST(PacketSsh, AServerThatHangsUpAfterFailuresIsAFailure) {
    auto script = begun();
    for (const std::size_t answer : {kAccept, kFailure, kFailure, kFailure, kFailure})
        ask_and_answer(script, answer);
    Talk talk(make_ssh_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::event_outcome), "failure");
    EXPECT_EQ(talk.events()[0].integer(Field::ssh_auth_attempts), 3);
    EXPECT_EQ(talk.logins(), "failure , failure , failure ");
}

TEST(PacketSsh, TheServersBannerBeforeTheFirstRefusalIsNotTakenForOne) {
    auto script = begun();
    ask_and_answer(script, kAccept);
    ask_and_answer(script, 300);
    script.push_back(server_said(std::string(kFailure, 'f')));
    ask_and_answer(script, kFailure);
    Talk talk(make_ssh_dissector());
    talk.play(script).end();
    EXPECT_EQ(talk.events().at(0).integer(Field::ssh_auth_attempts), 1);
}

TEST(PacketSsh, TheSameEventHoweverTheBytesAreCut) {
    auto script = begun();
    for (const std::size_t answer : {kAccept, kFailure, kFailure, kSuccess})
        ask_and_answer(script, answer);
    script.push_back(client_said("channel"));
    expect_the_same_however_cut(make_ssh_dissector, script);
}

TEST(PacketSsh, AServerMaySayLinesBeforeItsBanner) {
    Talk talk(make_ssh_dissector());
    talk.play({server_said("Welcome\r\nSSH-2.0-x\r\n")}).end();
    EXPECT_EQ(talk.events().at(0).text(Field::ssh_server_version), "SSH-2.0-x");
}

TEST(PacketSsh, WhatIsNoPacketIsForeignAndTheBannersAreTold) {
    Talk talk(make_ssh_dissector());
    talk.play({client_said("SSH-2.0-a\r\nnot an SSH packet")}).end();
    EXPECT_EQ(talk.outcome, Dissector::Outcome::foreign);
    EXPECT_EQ(talk.events().size(), 1u);
}

TEST(PacketSsh, ALineWithoutAnEndIsNotHeldForEver) {
    Talk talk(make_ssh_dissector());
    for (int i = 0; i < 100; ++i) talk.play({client_said("SSH-" + std::string(1000, 'a'))});
    EXPECT_EQ(talk.outcome, Dissector::Outcome::foreign);
    EXPECT_LT(talk.most_held, 20000u);
}

}  // namespace
}  // namespace kentongan::packet
