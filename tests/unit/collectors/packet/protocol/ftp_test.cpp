#include <gtest/gtest.h>

#include "collectors/packet/protocol/ftp/ftp_dissector.hpp"
#include "tests/unit/collectors/packet/protocol/tls_conversation.hpp"

namespace kentongan::packet {
namespace {

std::vector<Said> session() {
    return {server_said("220-Welcome\r\n 230 not a reply\r\n220 ready\r\n"),
            client_said("USER budi\r\n"),
            server_said("331 password please\r\n"),
            client_said("PASS rahasia\r\n"),
            server_said("230 logged in\r\n"),
            client_said("PASV\r\n"),
            server_said("227 Entering Passive Mode (192,0,2,1,19,137).\r\n"),
            client_said("RETR /hasil/tps.csv\r\n"),
            server_said("150 opening\r\n"),
            server_said("226 done\r\n"),
            client_said("DELE x\r\n"),
            server_said("550 no\r\n")};
}

TEST(PacketFtp, EachCommandIsAnEventWithItsReply) {
    Talk talk(make_ftp_dissector());
    talk.play(session()).end();
    ASSERT_EQ(talk.events().size(), 5u);
    const Event& login = talk.events()[1];
    EXPECT_EQ(login.kind, EventKind::ftp);
    EXPECT_EQ(login.text(Field::ftp_command), "PASS");
    EXPECT_EQ(login.text(Field::user_name), "budi");
    EXPECT_EQ(login.text(Field::event_outcome), "success");
    EXPECT_FALSE(login.has(Field::ftp_argument));
    EXPECT_EQ(talk.logins(), "success budi");
    EXPECT_EQ(talk.sink.log.find("rahasia"), std::string::npos);
    EXPECT_EQ(talk.events()[2].text(Field::ftp_data_channel), "192.0.2.1:5001");
    const Event& fetch = talk.events()[3];
    EXPECT_EQ(fetch.text(Field::ftp_argument), "/hasil/tps.csv");
    EXPECT_EQ(fetch.text(Field::file_path), "/hasil/tps.csv");
    EXPECT_EQ(fetch.integer(Field::ftp_reply_code), 226);
    EXPECT_EQ(fetch.integer(Field::event_duration), 2'000'000);
    EXPECT_EQ(talk.events()[4].text(Field::event_outcome), "failure");
}

TEST(PacketFtp, TheSameEventsHoweverTheBytesAreCut) {
    expect_the_same_however_cut(make_ftp_dissector, session());
}

TEST(PacketFtp, DataChannelsAreReadInAllTheirForms) {
    EXPECT_EQ(data_channel("PORT", "10,0,0,1,4,1"), "10.0.0.1:1025");
    EXPECT_EQ(data_channel("EPRT", "|2|2001:db8::1|5001|"), "[2001:db8::1]:5001");
    EXPECT_EQ(data_channel("EPSV", "Entering Extended Passive Mode (|||6446|)"), ":6446");
    EXPECT_EQ(data_channel("PASV", "=10,0,0,1,4,1"), "10.0.0.1:1025");
    EXPECT_EQ(data_channel("PORT", "10,0,0,1,4,256"), "");
    EXPECT_EQ(data_channel("EPRT", "|1|not an address|5|"), "");
    EXPECT_EQ(data_channel("RETR", "10,0,0,1,4,1"), "");
}

TEST(PacketFtp, AfterAuthTlsTheConversationIsTls) {
    std::vector<Said> script{server_said("220 x\r\n"), client_said("AUTH TLS\r\n"),
                             server_said("234 go\r\n")};
    for (const Said& said : TlsTalk(TLS1_3_VERSION).run()) script.push_back(said);
    Talk talk(make_ftp_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 2u);
    EXPECT_EQ(talk.events()[0].integer(Field::ftp_reply_code), 234);
    EXPECT_EQ(talk.events()[1].kind, EventKind::tls);
}

TEST(PacketFtp, CommandsWithoutRepliesAreBoundedAndTold) {
    Talk talk(make_ftp_dissector());
    for (int i = 0; i < 500; ++i)
        talk.play({client_said("STOR " + std::string(2000, 'a') + "\r\n")});
    EXPECT_LT(talk.most_held, std::size_t{1} << 18);
    EXPECT_EQ(talk.end().events().size(), 500u);
    EXPECT_EQ(talk.sink.evictions[static_cast<std::size_t>(Table::ftp)], 436) << "64 wait";
}

TEST(PacketFtp, WhatIsNoCommandMakesItForeignAfterSome) {
    Talk talk(make_ftp_dissector());
    for (int i = 0; i < 40; ++i) talk.play({client_said("?!\r\n")});
    EXPECT_EQ(talk.outcome, Dissector::Outcome::foreign);
}

}  // namespace
}  // namespace kentongan::packet
