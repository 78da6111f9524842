#include <gtest/gtest.h>

#include "collectors/packet/protocol/smtp/mime.hpp"
#include "collectors/packet/protocol/smtp/smtp_dissector.hpp"
#include "tests/unit/collectors/packet/protocol/tls_conversation.hpp"

namespace kentongan::packet {
namespace {

constexpr std::string_view kMail =
    "From: Budi <budi@kpu.go.id>\r\nTo: ani@x.id,\r\n doni@y.id\r\n"
    "Subject: =?utf-8?B?aGFzaWw=?= =?utf-8?Q?_TPS?=\r\nMessage-ID: <1@x>\r\n"
    "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\npreamble\r\n--b1\r\n"
    "Content-Type: text/plain\r\n\r\nhello\r\n--b1\r\n"
    "Content-Type: application/zip; name=\"c1.zip\"\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nUEsD\r\nBA==\r\n--b1\r\n"
    "Content-Disposition: attachment; filename*=utf-8''a%20b.txt\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc  \r\n..d\r\n--b1--\r\nend\r\n";

std::vector<Said> greeted() {
    return {server_said("220 mx.kpu.go.id ESMTP\r\n"), client_said("EHLO laptop\r\n"),
            server_said("250-mx\r\n250-STARTTLS\r\n250 SIZE\r\n")};
}
std::vector<Said> sent() {
    auto script = greeted();
    script.push_back(client_said("MAIL FROM:<envelope@x.id> SIZE=9\r\n"));
    script.push_back(server_said("250 ok\r\n"));
    script.push_back(client_said("RCPT TO:<ani@x.id>\r\nRCPT TO:<eva@z.id>\r\nDATA\r\n"));
    script.push_back(server_said("250 ok\r\n250 ok\r\n354 go on\r\n"));
    script.push_back(client_said(std::string(kMail) + ".\r\n"));
    script.push_back(server_said("250 queued as 1\r\n"));
    script.push_back(client_said("QUIT\r\n"));
    script.push_back(server_said("221 bye\r\n"));
    return script;
}

TEST(PacketSmtp, AMessageIsOneEventWithItsFiles) {
    Talk talk(make_smtp_dissector());
    talk.play(sent()).end();
    ASSERT_EQ(talk.events().size(), 1u);
    const Event& event = talk.events().front();
    EXPECT_EQ(event.kind, EventKind::mail);
    EXPECT_EQ(event.text(Field::smtp_helo), "laptop");
    EXPECT_EQ(event.text(Field::email_from_address), "budi@kpu.go.id");
    EXPECT_EQ(event.text(*find_field("mailfrom")), "envelope@x.id");
    EXPECT_EQ(event.text(Field::email_to_address), "ani@x.id");
    EXPECT_EQ(event.text(Field::email_subject), "hasil TPS");
    EXPECT_EQ(event.text(Field::email_message_id), "<1@x>");
    EXPECT_EQ(event.text(Field::email_attachments_file_name), "c1.zip");
    EXPECT_EQ(event.text(Field::smtp_last_reply), "250 queued as 1");
    EXPECT_FALSE(event.get(Field::smtp_tls).boolean());
    ASSERT_EQ(talk.sink.files.size(), 2u);
    EXPECT_EQ(talk.sink.files[0].content, "PK\x03\x04");
    EXPECT_EQ(talk.sink.files[0].mime_type, "application/zip");
    EXPECT_EQ(talk.sink.files[0].source, "smtp");
    EXPECT_TRUE(talk.sink.files[0].whole);
    EXPECT_EQ(talk.sink.files[1].name, "a b.txt");
    EXPECT_EQ(talk.sink.files[1].content, "a=bc\r\n.d");
}

TEST(PacketSmtp, TheSameEventAndFilesHoweverTheBytesAreCut) {
    expect_the_same_however_cut(make_smtp_dissector, sent());
}

TEST(PacketSmtp, CredentialsAreInNoEvent) {
    auto script = greeted();
    script.push_back(client_said("AUTH LOGIN\r\n"));
    script.push_back(server_said("334 VXNlcm5hbWU6\r\n"));
    script.push_back(client_said("c2VjcmV0\r\n"));
    script.push_back(server_said("334 UGFzc3dvcmQ6\r\n"));
    script.push_back(client_said("MAIL FROM:<c2VjcmV0>\r\n"));
    script.push_back(server_said("535 no\r\n"));
    Talk talk(make_smtp_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.sink.log.find("c2VjcmV0"), std::string::npos);
    EXPECT_EQ(talk.events()[0].text(Field::smtp_last_reply), "535 no");
    EXPECT_EQ(talk.logins(), "failure secret") << "the user, which is no secret";
}

TEST(PacketSmtp, LoginsAreToldWithTheirUserAndNeverWithTheirPassword) {
    const auto logins = [](std::string_view command, std::string_view answer) {
        auto script = greeted();
        script.push_back(client_said(std::string(command) + "\r\n"));
        script.push_back(server_said(std::string(answer) + "\r\n"));
        Talk talk(make_smtp_dissector());
        talk.play(script).end();
        EXPECT_EQ(talk.sink.log.find("hush"), std::string::npos);
        return talk.logins();
    };
    EXPECT_EQ(logins("AUTH PLAIN AGFuaQBodXNo", "235 ok"), "success ani");  // \0ani\0hush
    EXPECT_EQ(logins("AUTH LOGIN YW5p", "535 no"), "failure ani");
    EXPECT_EQ(logins("AUTH PLAIN !!not base64!!", "535 no"), "failure ");
    EXPECT_EQ(logins("AUTH GSSAPI", "504 what is that"), "") << "nobody was let in or refused";
}

TEST(PacketSmtp, AfterStartTlsTheConversationIsTls) {
    auto script = greeted();
    script.push_back(client_said("STARTTLS\r\n"));
    script.push_back(server_said("220 ready\r\n"));
    for (const Said& said : TlsTalk(TLS1_2_VERSION).run()) script.push_back(said);
    Talk talk(make_smtp_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 2u);
    EXPECT_TRUE(talk.events()[0].get(Field::smtp_tls).boolean());
    EXPECT_EQ(talk.events()[1].kind, EventKind::tls);
}

TEST(PacketSmtp, AMessageInChunksIsRead) {
    const std::string mail(kMail);
    auto script = greeted();
    script.push_back(client_said("MAIL FROM:<a@x.id>\r\nBDAT 30\r\n" + mail.substr(0, 30) +
                                 "BDAT " + std::to_string(mail.size() - 30) + " LAST\r\n" +
                                 mail.substr(30)));
    script.push_back(server_said("250 ok\r\n250 ok\r\n250 done\r\n"));
    Talk talk(make_smtp_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.sink.files.size(), 2u);
    EXPECT_EQ(talk.events()[0].text(Field::email_subject), "hasil TPS");
    expect_the_same_however_cut(make_smtp_dissector, script);
}

TEST(PacketSmtp, AFileThatIsCutSaysSo) {
    auto script = sent();
    script.resize(script.size() - 4);
    script.push_back(client_said(std::string(kMail.substr(0, kMail.find("BA==")))));
    Talk talk(make_smtp_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.sink.files.size(), 1u);
    EXPECT_TRUE(talk.sink.files[0].ended);
    EXPECT_FALSE(talk.sink.files[0].whole);
    EXPECT_EQ(talk.events().size(), 1u);
}

TEST(PacketSmtp, LongLinesAndManyRecipientsAreBounded) {
    Talk talk(make_smtp_dissector());
    talk.play(greeted());
    for (int i = 0; i < 5000; ++i)
        talk.play({client_said("RCPT TO:<" + std::string(900, 'a') + "@x>\r\n")});
    talk.play({client_said(std::string(1'000'000, 'z'))}, 1000);
    EXPECT_LT(talk.most_held, std::size_t{1} << 18);
    EXPECT_GE(talk.sink.evictions[static_cast<std::size_t>(Table::smtp)], 9700)
        << "100 names and 128 commands wait";
}

struct Gathered final : smtp::MimeListener {
    void left_out() override { ++too_many; }
    int too_many = 0;
    void header(std::string_view name, std::string_view value) override {
        log += std::string(name) + "=" + std::string(value) + ";";
    }
    void begin_file(std::string_view name, std::string_view type) override {
        log += "<" + std::string(name) + "|" + std::string(type) + ">";
    }
    void file_bytes(Bytes data) override { log += as_text(data); }
    void end_file(bool whole) override { log += whole ? "</>" : "</cut>"; }
    std::string log;
};

TEST(PacketMime, NestedPartsEndWithTheOuterBoundary) {
    Gathered out;
    smtp::MimeReader reader(out);
    for (const std::string_view line :
         {"X: 1", "Content-Type: multipart/mixed; boundary=o", "", "--o",
          "Content-Type: multipart/alternative; boundary=\"i\"", "", "--i",
          "Content-Type: image/png", "", "a", "b", "--o", "Content-Type: text/html", "", "c",
          "--o--", "d"})
        reader.line(line, true, true);
    reader.finish(true);
    EXPECT_EQ(out.too_many, 0);
    EXPECT_EQ(out.log, "X=1;Content-Type=multipart/mixed; boundary=o;<|image/png>a\r\nb</>");
}

TEST(PacketMime, AMessageWithinAMessageShowsItsFilesButNotItsHeader) {
    Gathered out;
    smtp::MimeReader reader(out);
    for (const std::string_view line : {"Content-Type: message/rfc822", "", "Subject: inner",
                                        "Content-Type: application/x; name=n", "", "z"})
        reader.line(line, true, true);
    reader.finish(true);
    EXPECT_EQ(out.log, "Content-Type=message/rfc822;<n|application/x>z</>");
}

TEST(PacketMime, ParametersMayBeQuotedOrExtended) {
    EXPECT_EQ(smtp::parameter("a; Name=\"x\\\"y; z\"; b=c", "name"), "x\"y; z");
    EXPECT_EQ(smtp::parameter("a; b=c ; filename*=UTF-8'id'%C3%A9", "filename"), "\xC3\xA9");
    EXPECT_EQ(smtp::parameter("a; b", "name"), "");
}

}  // namespace
}  // namespace kentongan::packet
