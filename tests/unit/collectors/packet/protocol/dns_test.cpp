#include <gtest/gtest.h>

#include "collectors/packet/protocol/dns/dns_dissector.hpp"
#include "tests/unit/collectors/packet/protocol/dns_messages.hpp"

namespace kentongan::packet {
namespace {

using Over = DnsDissector::Over;

std::string record(int type, std::string_view data) {
    const std::string message = dns_answer(1, "host.example", type, data);
    const auto parsed = dns::parse_message(as_bytes(message));
    return parsed && parsed->answers.size() == 1 ? parsed->answers[0].data : "no answer";
}

TEST(PacketDns, AQueryAndItsAnswerAreOneEvent) {
    Talk talk(make_dns_dissector(Over::datagrams));
    talk.play({client_said(dns_query(77, "WWW.kpu.go.id")),
               server_said(dns_answer(77, "www.kpu.go.id", 1, from_hex("c0000207")))});
    ASSERT_EQ(talk.events().size(), 1u);
    const Event& event = talk.events().front();
    EXPECT_EQ(event.kind, EventKind::dns);
    EXPECT_EQ(event.logsource.category, "dns");
    EXPECT_EQ(event.logsource.product, "zeek");
    EXPECT_EQ(event.logsource.service, "dns");
    EXPECT_EQ(event.also.category, "network");
    EXPECT_EQ(event.text(Field::dns_question_name), "www.kpu.go.id");
    EXPECT_EQ(event.text(Field::dns_question_type), "A");
    EXPECT_EQ(event.text(Field::dns_question_class), "IN");
    EXPECT_EQ(event.text(Field::dns_answers_data), "192.0.2.7");
    EXPECT_EQ(event.integer(Field::dns_answers_ttl), 300);
    EXPECT_EQ(event.ip(Field::dns_resolved_ip)->to_string(), "192.0.2.7");
    EXPECT_EQ(event.text(Field::dns_response_code), "NOERROR");
    EXPECT_EQ(event.integer(Field::dns_id), 77);
    EXPECT_EQ(event.integer(Field::dns_response_time), 1'000'000);
    EXPECT_EQ(event.text(Field::dns_type), "answer");
    EXPECT_EQ(event.get(*find_field("rejected")).boolean(), false);
    EXPECT_EQ(event.integer(*find_field("Z")), 0);
    EXPECT_TRUE(talk.end().events().size() == 1);
}

TEST(PacketDns, AnUnansweredQueryIsToldAfterItsPatienceOrAtTheEnd) {
    Talk talk(make_dns_dissector(Over::datagrams));
    talk.play({client_said(dns_query(1, "a.example"))});
    talk.at.time += DnsDissector::kPatience + std::chrono::seconds{1};
    talk.play({client_said(dns_query(2, "b.example"))});
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::dns_question_name), "a.example");
    EXPECT_EQ(talk.events()[0].text(Field::dns_type), "query");
    EXPECT_FALSE(talk.events()[0].has(Field::dns_response_code));
    EXPECT_EQ(talk.end().events().size(), 2u);
}

TEST(PacketDns, AnswersBeyondTheCapAreLeftOutAndCounted) {
    std::string answer = dns_header(1, 0x8180, 1, 70) + dns_question("a.example", 1);
    for (int i = 0; i < 70; ++i) answer += dns_record(1, "\x01\x02\x03\x04");
    Talk talk(make_dns_dissector(Over::datagrams));
    talk.play({client_said(dns_query(1, "a.example")), server_said(answer)});
    EXPECT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.sink.evictions[static_cast<std::size_t>(Table::dns)], 1);
}

TEST(PacketDns, AQuerySentAgainIsOneEvent) {
    Talk talk(make_dns_dissector(Over::datagrams));
    talk.play({client_said(dns_query(1, "a.example")), client_said(dns_query(1, "a.example"))});
    EXPECT_EQ(talk.end().events().size(), 1u);
}

TEST(PacketDns, AnAnswerWithAnotherNameDoesNotTakeTheQuerysPlace) {
    Talk talk(make_dns_dissector(Over::datagrams));
    talk.play({client_said(dns_query(1, "a.example")),
               server_said(dns_answer(1, "evil.example", 1, "\x01\x02\x03\x04")),
               server_said(dns_answer(1, "a.example", 1, "\x05\x06\x07\x08"))});
    ASSERT_EQ(talk.events().size(), 2u);
    EXPECT_FALSE(talk.events()[0].has(Field::dns_response_time));
    EXPECT_EQ(talk.events()[1].text(Field::dns_answers_data), "5.6.7.8");
}

TEST(PacketDns, WaitingQueriesAreBoundedAndTheOldestIsTold) {
    Talk talk(make_dns_dissector(Over::datagrams));
    for (int i = 0; i < 1000; ++i) talk.play({client_said(dns_query(i, "a.example"))});
    EXPECT_EQ(talk.events().size(), 1000 - DnsDissector::kMostWaiting);
    EXPECT_LT(talk.most_held, 65536u);
    EXPECT_EQ(talk.end().events().size(), 1000u);
}

TEST(PacketDns, AnErrorAndEdnsAreRead) {
    const std::string edns = std::string(1, '\0') + number(41, 2) + number(1232, 2) +
                             number(0x01000000, 4) + number(0, 2);
    const std::string answer =
        dns_header(9, 0x8183, 1, 0, 0, 1) + dns_question("x.example", 28) + edns;
    Talk talk(make_dns_dissector(Over::datagrams));
    talk.play({server_said(answer)});
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::dns_response_code), "BADMODE");
    EXPECT_EQ(talk.events()[0].integer(Field::dns_edns_payload_bytes), 1232);
    EXPECT_EQ(talk.events()[0].text(Field::dns_question_type), "AAAA");
}

TEST(PacketDns, RecordsOfManyTypesAreTexts) {
    EXPECT_EQ(record(28, from_hex("20010db8000000000000000000000001")), "2001:db8::1");
    EXPECT_EQ(record(5, dns_name("real.example")), "real.example");
    EXPECT_EQ(record(15, number(10, 2) + dns_name("mx.example")), "10 mx.example");
    EXPECT_EQ(record(16, sized("v=spf1 -all", 1) + sized("a\"b", 1)), "\"v=spf1 -all\" \"a\\\"b\"");
    EXPECT_EQ(record(33, number(1, 2) + number(2, 2) + number(5060, 2) + dns_name("sip.example")),
              "1 2 5060 sip.example");
    EXPECT_EQ(record(6, dns_name("ns.example") + dns_name("root.example") + number(1, 4) +
                            number(2, 4) + number(3, 4) + number(4, 4) + number(5, 4)),
              "ns.example root.example 1 2 3 4 5");
    EXPECT_EQ(record(43, number(60485, 2) + number(5, 1) + number(1, 1) + "\xAB\xCD"),
              "60485 5 1 abcd");
    EXPECT_EQ(record(257, number(0, 1) + sized("issue", 1) + "letsencrypt.org"),
              "0 issue \"letsencrypt.org\"");
    EXPECT_EQ(record(65, number(1, 2) + dns_name("") + number(1, 2) +
                             sized(sized("h2", 1) + sized("h3", 1), 2) + number(4, 2) +
                             sized(from_hex("c0000201"), 2)),
              "1 . alpn=h2,h3 ipv4hint=192.0.2.1");
    EXPECT_EQ(record(35, number(1, 2) + number(2, 2) + sized("s", 1) + sized("SIP", 1) +
                             sized("", 1) + dns_name("r.example")),
              "1 2 \"s\" \"SIP\" \"\" r.example");
    EXPECT_EQ(record(1, "short"), "73686f7274");
    EXPECT_EQ(record(15, "\x01"), "01");
    EXPECT_EQ(record(12345, "\xFF"), "ff");
}

TEST(PacketDns, PointersThatGoRoundOrOutAreNoNames) {
    std::string out;
    for (const std::string& bytes :
         {std::string("\xC0\0", 2), std::string("\xC0\x02\xC0\0", 4), std::string("\xC0\x09"),
          std::string("\x03"
                      "ab"),
          std::string("\xC0")}) {
        std::size_t offset = 0;
        EXPECT_FALSE(dns::read_name(as_bytes(bytes), offset, out)) << bytes;
    }
    std::size_t offset = 0;
    const std::string forward("\xC0\x03-\x01x\0", 6);
    EXPECT_TRUE(dns::read_name(as_bytes(forward), offset, out));
    EXPECT_EQ(out, "x");
    EXPECT_EQ(offset, 2u);
    offset = 4;
    const std::string good = std::string("\x01x\0\0", 4) + "\x01y\xC0" + std::string(1, '\0');
    EXPECT_TRUE(dns::read_name(as_bytes(good), offset, out));
    EXPECT_EQ(out, "y.x");
    EXPECT_EQ(offset, good.size());
}

TEST(PacketDns, OddBytesOfANameAreEscaped) {
    const std::string message =
        dns_header(1, 0, 1, 0) + sized(std::string("a.\0\xFF\\ ", 6), 1) + dns_question("", 1);
    const auto parsed = dns::parse_message(as_bytes(message));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->name, "a\\.\\000\\255\\\\\\032");
}

TEST(PacketDns, ANameThatIsTooLongIsNone) {
    std::string message = dns_header(1, 0, 1, 0);
    for (int i = 0; i < 5; ++i) message += sized(std::string(60, 'a'), 1);
    EXPECT_FALSE(dns::parse_message(as_bytes(message + dns_question("", 1))));
}

TEST(PacketDns, OverTcpTheSameEventsHoweverCut) {
    expect_the_same_however_cut(
        [] { return make_dns_dissector(Over::stream); },
        {client_said(sized(dns_query(1, "a.example"), 2) +
                     sized(dns_query(2, "b.example", 255), 2)),
         server_said(sized(dns_answer(2, "b.example", 16, sized("t", 1)), 2) +
                     sized(dns_answer(1, "a.example", 1, "\x01\x02\x03\x04"), 2))});
}

TEST(PacketDns, DatagramsThatAreNoDnsMakeTheFlowForeignAfterSome) {
    Talk talk(make_dns_dissector(Over::datagrams));
    for (int i = 0; i < 20; ++i) talk.play({client_said("hello, this is no query")});
    EXPECT_EQ(talk.outcome, Dissector::Outcome::foreign);
    EXPECT_TRUE(talk.events().empty());
}

TEST(PacketDns, EveryBeginningOfAnAnswerIsReadWithoutHarm) {
    const std::string whole = dns_answer(1, "host.example", 6,
                                         dns_name("ns.example") + dns_name("root.example") +
                                             number(1, 4) + number(2, 4) + number(3, 4));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string part = whole.substr(0, size);
        (void)dns::parse_message(as_bytes(part));
    }
}

}  // namespace
}  // namespace kentongan::packet
