#include <gtest/gtest.h>

#include "collectors/packet/protocol/sql/mysql_dissector.hpp"
#include "collectors/packet/protocol/sql/postgres_dissector.hpp"
#include "tests/unit/collectors/packet/protocol/sql_messages.hpp"
#include "tests/unit/collectors/packet/protocol/tls_conversation.hpp"

namespace kentongan::packet {
namespace {

std::vector<Said> pg_login() {
    return {client_said(pg_startup()), server_said(pg('R', number(10, 4) + zero("SCRAM-SHA-256"))),
            client_said(pg('p', "secret-proof")),
            server_said(pg('R', number(0, 4)) + pg('S', zero("server_version") + zero("15.5")) +
                        pg_ready())};
}

TEST(PacketPostgres, ALoginAndAStatementAreEvents) {
    auto script = pg_login();
    script.push_back(client_said(pg('Q', zero("select * from tps; "))));
    script.push_back(server_said(pg('T', "columns") + pg('D', "row") + pg('D', "row") +
                                 pg('C', zero("SELECT 2")) + pg_ready()));
    Talk talk(make_postgres_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 2u);
    const Event& login = talk.events()[0];
    EXPECT_EQ(login.kind, EventKind::sql);
    EXPECT_EQ(login.logsource.category, "database");
    EXPECT_EQ(login.logsource.product, "postgresql");
    EXPECT_EQ(login.text(Field::event_action), "login");
    EXPECT_EQ(login.text(Field::event_outcome), "success");
    EXPECT_EQ(login.text(Field::user_name), "sirekap");
    EXPECT_EQ(login.text(Field::db_name), "hasil");
    EXPECT_EQ(login.text(Field::db_application), "psql");
    EXPECT_EQ(login.text(Field::db_authentication), "sasl");
    EXPECT_EQ(talk.logins(), "success sirekap");
    const Event& query = talk.events()[1];
    EXPECT_EQ(query.text(Field::event_action), "query");
    EXPECT_EQ(query.text(Field::db_statement), "select * from tps;");
    EXPECT_EQ(query.text(Field::db_operation), "SELECT");
    EXPECT_EQ(query.integer(Field::db_rows), 2);
    EXPECT_EQ(query.text(Field::event_outcome), "success");
    EXPECT_EQ(query.text(Field::postgresql_command_tag), "SELECT 2");
    EXPECT_EQ(query.integer(Field::event_duration), 1'000'000);
    EXPECT_EQ(talk.sink.log.find("secret"), std::string::npos);
}

TEST(PacketPostgres, ARefusedLoginSaysWhy) {
    Talk talk(make_postgres_dissector());
    talk.play({client_said(pg_startup()), server_said(pg('R', number(5, 4) + "salt")),
               client_said(pg('p', zero("md5secret"))),
               server_said(pg_error("28P01", "password authentication failed"))});
    ASSERT_EQ(talk.end().events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::event_outcome), "failure");
    EXPECT_EQ(talk.events()[0].text(Field::db_error_code), "28P01");
    EXPECT_EQ(talk.events()[0].text(Field::error_code), "28P01");
    EXPECT_EQ(talk.events()[0].text(Field::db_error), "password authentication failed");
    EXPECT_EQ(talk.events()[0].text(Field::db_authentication), "md5");
    EXPECT_EQ(talk.logins(), "failure sirekap");
}

TEST(PacketPostgres, AServerThatIsFullHasRefusedNobodysPassword) {
    Talk talk(make_postgres_dissector());
    talk.play({client_said(pg_startup()), server_said(pg_error("53300", "too many clients"))});
    ASSERT_EQ(talk.end().events().size(), 1u);
    EXPECT_EQ(talk.logins(), "");
}

TEST(PacketPostgres, APreparedStatementIsToldAtEachExecution) {
    auto script = pg_login();
    const std::string bind = pg('B', zero("") + zero("s1") + std::string(6, '\0'));
    script.push_back(
        client_said(pg('P', zero("s1") + zero("update suara set n=$1") + number(0, 2)) + bind +
                    pg('E', zero("") + number(0, 4)) + pg('S', "")));
    script.push_back(
        server_said(pg('1', "") + pg('2', "") + pg('C', zero("UPDATE 7")) + pg_ready()));
    script.push_back(client_said(bind + pg('E', zero("") + number(0, 4)) + pg('S', "")));
    script.push_back(server_said(pg_error("23505", "duplicate key") + pg_ready()));
    Talk talk(make_postgres_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 3u);
    EXPECT_EQ(talk.events()[1].text(Field::db_statement), "update suara set n=$1");
    EXPECT_EQ(talk.events()[1].integer(Field::db_rows), 7);
    EXPECT_EQ(talk.events()[2].text(Field::event_outcome), "failure");
    EXPECT_EQ(talk.events()[2].text(Field::db_error_code), "23505");
}

TEST(PacketPostgres, AQueryThatFailsIsToldOnceAndTheNextIsRight) {
    auto script = pg_login();
    script.push_back(client_said(pg('Q', zero("selec 1"))));
    script.push_back(server_said(pg_error("42601", "syntax error") + pg_ready()));
    script.push_back(client_said(pg('Q', zero("select 1"))));
    script.push_back(server_said(pg('C', zero("SELECT 1")) + pg_ready()));
    Talk talk(make_postgres_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 3u);
    EXPECT_EQ(talk.events()[1].text(Field::event_outcome), "failure");
    EXPECT_EQ(talk.events()[2].text(Field::event_outcome), "success");
    expect_the_same_however_cut(make_postgres_dissector, script);
}

TEST(PacketPostgres, AfterSslRequestTheConversationIsTls) {
    std::vector<Said> script{client_said(number(8, 4) + number(80877103, 4)), server_said("S")};
    for (const Said& said : TlsTalk(TLS1_3_VERSION).run()) script.push_back(said);
    Talk talk(make_postgres_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].kind, EventKind::tls);
    EXPECT_TRUE(talk.events()[0].get(Field::tls_established).boolean());
}

TEST(PacketPostgres, AServerWithoutTlsIsReadOn) {
    std::vector<Said> script{client_said(number(8, 4) + number(80877103, 4)), server_said("N")};
    for (const Said& said : pg_login()) script.push_back(said);
    Talk talk(make_postgres_dissector());
    EXPECT_EQ(talk.play(script).end().events().size(), 1u);
}

TEST(PacketPostgres, StatementsWithoutAnswersAreBoundedAndTold) {
    auto script = pg_login();
    Talk talk(make_postgres_dissector());
    talk.play(script);
    for (int i = 0; i < 200; ++i)
        talk.play({client_said(pg('Q', zero("select '" + std::string(20000, 'x') + "'")))});
    EXPECT_EQ(talk.end().events().size(), 201u);
    EXPECT_LT(talk.most_held, std::size_t{1} << 20);
    EXPECT_FALSE(talk.events().back().has(Field::event_outcome));
    EXPECT_GT(talk.sink.evictions[static_cast<std::size_t>(Table::postgresql)], 0);
}

constexpr std::uint32_t kCapabilities = 0x1 | 0x8 | 0x200 | 0x8000 | 0x80000 | 0x100000;

std::vector<Said> my_begin(std::uint32_t capabilities = kCapabilities) {
    return {server_said(my_greeting(capabilities)), client_said(my_login(capabilities)),
            server_said(my(2, std::string("\x01\x04", 2)) + my_ok(3, 0))};
}

TEST(PacketMysql, ALoginAndItsStatementsAreEvents) {
    auto script = my_begin();
    script.push_back(client_said(my(0, "\x03select a from tps")));
    const std::string eof = "\xFE" + little(0, 2) + little(2, 2);
    script.push_back(server_said(my(1, "\x01") + my(2, "column a") + my(3, eof) + my(4, "\x01x") +
                                 my(5, "\x01y") + my(6, eof)));
    script.push_back(client_said(my(0,
                                    "\x03"
                                    "delete from tps")));
    script.push_back(server_said(my_ok(1, 9)));
    script.push_back(client_said(my(0,
                                    "\x03"
                                    "drop table tps")));
    script.push_back(server_said(my_error(1, 1142, "DROP command denied")));
    Talk talk(make_mysql_dissector());
    talk.play(script).end();
    ASSERT_EQ(talk.events().size(), 4u);
    const Event& login = talk.events()[0];
    EXPECT_EQ(login.logsource.product, "mysql");
    EXPECT_EQ(login.text(Field::event_action), "login");
    EXPECT_EQ(login.text(Field::event_outcome), "success");
    EXPECT_EQ(login.text(Field::user_name), "budi");
    EXPECT_EQ(login.text(Field::db_name), "pilpres");
    EXPECT_EQ(login.text(Field::db_application), "dump");
    EXPECT_EQ(login.text(Field::db_authentication), "mysql_native_password");
    EXPECT_EQ(login.integer(Field::mysql_thread_id), 42);
    EXPECT_EQ(talk.events()[1].text(Field::db_statement), "select a from tps");
    EXPECT_EQ(talk.events()[1].integer(Field::db_rows), 2);
    EXPECT_EQ(talk.events()[2].text(Field::db_operation), "DELETE");
    EXPECT_EQ(talk.events()[2].integer(Field::db_rows), 9);
    EXPECT_EQ(talk.events()[3].text(Field::event_outcome), "failure");
    EXPECT_EQ(talk.events()[3].text(Field::db_error_code), "1142");
    EXPECT_EQ(talk.events()[3].text(Field::db_error), "DROP command denied");
    expect_the_same_however_cut(make_mysql_dissector, script);
}

TEST(PacketMysql, ARefusedLoginIsAFailure) {
    Talk talk(make_mysql_dissector());
    talk.play({server_said(my_greeting(kCapabilities)), client_said(my_login(kCapabilities)),
               server_said(my_error(2, 1045, "Access denied for user 'budi'"))});
    ASSERT_EQ(talk.events().size(), 1u);
    EXPECT_EQ(talk.events()[0].text(Field::event_outcome), "failure");
    EXPECT_EQ(talk.events()[0].text(Field::db_error_code), "1045");
    EXPECT_EQ(talk.logins(), "failure budi");
}

TEST(PacketMysql, APreparedStatementIsToldWhenItIsRun) {
    auto script = my_begin();
    script.push_back(client_said(my(0, "\x16select ?")));
    script.push_back(server_said(my(1, std::string(1, '\0') + little(7, 4) + little(1, 2) +
                                           little(1, 2) + std::string(3, '\0')) +
                                 my(2, "param")));
    script.push_back(client_said(my(0, "\x17" + little(7, 4) + std::string(5, '\0'))));
    script.push_back(server_said(my_ok(1, 0)));
    Talk talk(make_mysql_dissector());
    ASSERT_EQ(talk.play(script).end().events().size(), 2u);
    EXPECT_EQ(talk.events()[1].text(Field::db_statement), "select ?");
}

TEST(PacketMysql, SeveralResultsOfOneStatementAreOneEvent) {
    auto script = my_begin();
    script.push_back(client_said(my(0,
                                    "\x03"
                                    "call count_all()")));
    script.push_back(server_said(my_ok(1, 3, 2 | 8) + my_ok(2, 4)));
    Talk talk(make_mysql_dissector());
    ASSERT_EQ(talk.play(script).end().events().size(), 2u);
    EXPECT_EQ(talk.events()[1].integer(Field::db_rows), 7);
}

TEST(PacketMysql, AfterARequestForTlsTheConversationIsTls) {
    const std::uint32_t capabilities = kCapabilities | 0x800;
    std::vector<Said> script{server_said(my_greeting(capabilities))};
    const auto tls = TlsTalk(TLS1_2_VERSION).run();
    script.push_back(
        client_said(my(1, little(capabilities, 4) + std::string(28, '\0')) + tls[0].bytes));
    script.insert(script.end(), tls.begin() + 1, tls.end());
    Talk talk(make_mysql_dissector());
    ASSERT_EQ(talk.play(script).end().events().size(), 1u);
    EXPECT_EQ(talk.events()[0].kind, EventKind::tls);
    expect_the_same_however_cut(make_mysql_dissector, script);
}

TEST(PacketMysql, ALargePacketIsReadWithoutBeingHeld) {
    Talk talk(make_mysql_dissector());
    talk.play(my_begin());
    const std::string big = "\x03insert " + std::string(3'000'000, 'x');
    talk.play({client_said(my(0, big)), server_said(my_ok(1, 1))}, 65536);
    ASSERT_EQ(talk.events().size(), 2u);
    EXPECT_LT(talk.most_held, 200'000u);
}

}  // namespace
}  // namespace kentongan::packet
