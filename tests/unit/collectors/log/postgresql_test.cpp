#include "collectors/log/formats/signs.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

constexpr std::string_view kFailedCsv =
    R"(2024-11-27 16:31:05.120 WIB,"operator","sirekap",4711,"10.8.0.9:53422",6746e0d9.1267,2,)"
    R"("authentication",2024-11-27 16:31:05 WIB,3/12,0,FATAL,28P01,)"
    R"("password authentication failed for user ""operator""",)"
    R"("Connection matched file ""pg_hba.conf"" line 97",,,,,,,,"","client backend",,0)";

TEST(PostgresqlFormat, AFailedLoginInTheCsvLogIsOneAuthEvent) {
    Reader read{"postgresql"};
    const Event& e = read(kFailedCsv);
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "event.category"), "authentication");
    EXPECT_EQ(said(e, "error.code"), "28P01");
    EXPECT_EQ(said(e, "user.name"), "operator");
    EXPECT_EQ(said(e, "db.name"), "sirekap");
    EXPECT_EQ(said(e, "source.ip"), "10.8.0.9");
    EXPECT_EQ(said(e, "source.port"), "53422");
    EXPECT_EQ(said(e, "process.pid"), "4711");
    EXPECT_EQ(said(e, "postgresql.log.detail"), "Connection matched file \"pg_hba.conf\" line 97");
    EXPECT_EQ(e.logsource.category, "database");
    EXPECT_EQ(e.logsource.product, "postgresql");
    EXPECT_EQ(e.also.product, "sql");
}

TEST(PostgresqlFormat, ThreeGenerationsOfColumnsAreRead) {
    Reader read{"postgresql"};
    const std::string line =
        R"(2024-11-27 09:31:05.120 UTC,"app","sirekap",12,"[local]",6746e0d9.c,5,"COPY",)"
        R"(2024-11-27 09:00:00 UTC,4/9,0,LOG,00000,"statement: COPY public.dpt TO stdout;",)"
        R"(,,,,,,,,"pg_dump")";
    for (const std::string_view more : {"", R"(,"client backend")", R"(,"client backend",,42)"}) {
        const Event& e = read(line + std::string(more));
        EXPECT_EQ(read.result, ParseResult::parsed) << more;
        EXPECT_EQ(said(e, "db.application"), "pg_dump");
        EXPECT_EQ(said(e, "db.operation"), "COPY");
        EXPECT_EQ(said(e, "db.statement"), "COPY public.dpt TO stdout;");
        EXPECT_EQ(said(e, "source.address"), "") << "a socket has no address";
        EXPECT_EQ(said(e, "error.code"), "");
        EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    }
}

TEST(PostgresqlFormat, QuotedNewlinesStayInOneRecordAndForgeNoLine) {
    Reader read{"postgresql"};
    const auto all = read.all(
        R"(2024-11-27 16:31:05.120 WIB,"app","sirekap",12,"10.0.0.5:1",a.c,5,"SELECT",2024-11-27 16:00:00 WIB,4/9,0,LOG,00000,"statement: SELECT ""a""
2024-11-27 16:31:05.121 WIB,""root"",""x"",1,""6.6.6.6:1"",a.c,1,,,,0,FATAL,28P01,""forged""
FROM dpt",,,,,,,,,"psql","client backend",,0
2024-11-27 16:31:06.120 WIB,,,9,,a.9,1,,2024-11-27 16:00:00 WIB,,0,LOG,00000,"checkpoint starting: time",,,,,,,,,"","checkpointer",,0
)");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].kind, EventKind::log);
    EXPECT_EQ(said(all[0], "user.name"), "app");
    EXPECT_NE(said(all[0], "db.statement").find("\"forged\"\nFROM dpt"), std::string::npos);
    EXPECT_EQ(said(all[1], "message"), "checkpoint starting: time");
    EXPECT_EQ(said(all[1], "postgresql.log.backend_type"), "checkpointer");
}

TEST(PostgresqlFormat, ACutRecordDoesNotSwallowTheNext) {
    Reader read{"postgresql"};
    const auto all =
        read.all("2024-11-27 16:31:04.000 WIB,\"app\",\"sirekap\",12,\"10.0.0.5:1\",\"cut\n" +
                 std::string(kFailedCsv) + "\n" + std::string(kFailedCsv) + "\n");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].size(), 0u) << "raw only";
    EXPECT_EQ(all[1].kind, EventKind::auth);
    EXPECT_EQ(all[2].kind, EventKind::auth);
}

TEST(PostgresqlFormat, PgauditIsReadFromTheMessage) {
    Reader read{"postgresql"};
    const Event& e =
        read(R"(2024-11-27 16:31:05.120 WIB,"dba","sirekap",12,"10.0.0.5:40000",a.c,7,"UPDATE",)"
             R"(2024-11-27 16:00:00 WIB,4/9,731,LOG,00000,"AUDIT: OBJECT,3,1,WRITE,UPDATE,TABLE,)"
             R"(public.hasil,""UPDATE hasil SET suara = 1, nama = 'a, b'"",<not logged>,17",)"
             R"(,,,,,,,,"psql","client backend",,0)");
    EXPECT_EQ(said(e, "postgresql.audit.type"), "OBJECT");
    EXPECT_EQ(said(e, "postgresql.audit.class"), "WRITE");
    EXPECT_EQ(said(e, "db.operation"), "UPDATE");
    EXPECT_EQ(said(e, "event.action"), "UPDATE");
    EXPECT_EQ(said(e, "db.object"), "public.hasil");
    EXPECT_EQ(said(e, "db.object_type"), "TABLE");
    EXPECT_EQ(said(e, "db.statement"), "UPDATE hasil SET suara = 1, nama = 'a, b'");
    EXPECT_EQ(said(e, "db.rows"), "17");
    EXPECT_EQ(said(e, "postgresql.audit.parameter"), "");
    EXPECT_EQ(said(e, "postgresql.log.transaction_id"), "731");
}

TEST(PostgresqlFormat, TheJsonLogSaysTheSame) {
    Reader read{"postgresql"};
    const Event& e = read(
        R"({"timestamp":"2024-11-27 18:31:05.120 WIT","user":"operator","dbname":"sirekap",)"
        R"("pid":4711,"remote_host":"10.8.0.9","remote_port":53422,"session_id":"6746e0d9.1267",)"
        R"("line_num":2,"ps":"authentication","session_start":"2024-11-27 18:31:05 WIT",)"
        R"("vxid":"3/12","txid":0,"error_severity":"FATAL","state_code":"28000","message":)"
        R"("no pg_hba.conf entry for host \"10.8.0.9\", user \"operator\", database \"sirekap\", )"
        R"(no encryption","backend_type":"client backend","query_id":0})");
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "error.code"), "28000");
    EXPECT_EQ(said(e, "source.ip"), "10.8.0.9");
    EXPECT_EQ(said(e, "source.port"), "53422");
}

TEST(PostgresqlFormat, DebiansTextLogJoinsItsDetails) {
    Reader read{"postgresql"};
    const auto all = read.all(
        "2024-11-27 16:31:05.120 WIB [4711] operator@sirekap FATAL:  password authentication "
        "failed "
        "for user \"operator\"\n"
        "2024-11-27 16:31:05.120 WIB [4711] operator@sirekap DETAIL:  Connection matched\n"
        "\tpg_hba.conf line 97\n"
        "2024-11-27 16:31:06.001 WIB [4712] app@sirekap ERROR:  syntax error at or near \"UNION\" "
        "at "
        "character 9\n"
        "2024-11-27 16:31:06.001 WIB [4712] app@sirekap STATEMENT:  SELECT 1\n"
        "\tUNION UNION\n"
        "2024-11-27 16:31:07.000 WIB [4700] LOG:  checkpoint complete\n");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].kind, EventKind::auth);
    EXPECT_EQ(said(all[0], "error.code"), "28P01");
    EXPECT_EQ(said(all[0], "user.name"), "operator");
    EXPECT_EQ(said(all[0], "db.name"), "sirekap");
    EXPECT_EQ(said(all[0], "process.pid"), "4711");
    EXPECT_EQ(said(all[0], "postgresql.log.detail"), "Connection matched\n\tpg_hba.conf line 97");
    EXPECT_EQ(said(all[1], "db.statement"), "SELECT 1\n\tUNION UNION");
    EXPECT_EQ(said(all[1], "event.outcome"), "failure");
    EXPECT_EQ(said(all[1], "log.level"), "ERROR");
    EXPECT_EQ(when(all[2]), "2024-11-27T09:31:07.000Z");
    EXPECT_EQ(said(all[2], "user.name"), "");
}

TEST(PostgresqlFormat, OtherPrefixesAreUnderstood) {
    Reader read{"postgresql"};
    const auto check = [&](std::string_view line, std::string_view user, std::string_view ip) {
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::parsed) << line;
        EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z") << line;
        EXPECT_EQ(said(e, "user.name"), user) << line;
        EXPECT_EQ(said(e, "source.ip"), ip) << line;
        EXPECT_EQ(said(e, "process.pid"), "12") << line;
    };
    check("2024-11-27 09:31:05 UTC [12] app@sirekap 10.0.0.5(53422) LOG:  statement: SELECT 1",
          "app", "10.0.0.5");
    check("2024-11-27 09:31:05 UTC [12] app@sirekap 10.0.0.5 LOG:  statement: SELECT 1", "app",
          "10.0.0.5");
    check("2024-11-27 09:31:05 UTC:10.0.0.5(53422):app@sirekap:[12]:LOG:  statement: SELECT 1",
          "app", "10.0.0.5");
    check(
        "2024-11-27 16:31:05 WIB [12]: [3-1] user=app,db=sirekap,app=PostgreSQL JDBC Driver,"
        "client=10.0.0.5 LOG:  statement: SELECT 1",
        "app", "10.0.0.5");
    EXPECT_EQ(said(read.event, "db.application"), "PostgreSQL JDBC Driver");
    check("2024-11-27 16:31:05 [12] LOG:  statement: SELECT 1", "", "");
    check("1732699865.000 [12] [unknown]@[unknown] LOG:  connection received: host=10.0.0.5 port=9",
          "", "10.0.0.5");
    EXPECT_EQ(said(read.event, "source.port"), "9");
    (void)read("9732699865.000 [12] LOG:  statement: SELECT 1");  // in the year 2278
    EXPECT_NE(read.result, ParseResult::parsed);
}

TEST(PostgresqlFormat, LoginsAndSessionsAreReadFromTheirMessages) {
    Reader read{"postgresql"};
    const Event& in = read(
        "2024-11-27 16:31:05.120 WIB [12] app@sirekap LOG:  connection authorized: user=app "
        "database=sirekap application_name=psql SSL enabled (protocol=TLSv1.3, bits=256)");
    EXPECT_EQ(in.kind, EventKind::auth);
    EXPECT_EQ(said(in, "event.outcome"), "success");
    EXPECT_EQ(said(in, "db.application"), "psql");
    const Event& out = read(
        "2024-11-27 16:31:05.120 WIB [12] app@sirekap LOG:  disconnection: session time: "
        "0:01:02.500 user=app database=sirekap host=10.0.0.5 port=53422");
    EXPECT_EQ(out.kind, EventKind::log);
    EXPECT_EQ(said(out, "event.action"), "session-end");
    EXPECT_EQ(said(out, "event.duration"), "62500000000");
    EXPECT_EQ(said(out, "source.port"), "53422");
}

TEST(PostgresqlFormat, DurationsStatementsAndPlansAreTakenApart) {
    Reader read{"postgresql"};
    const auto all = read.all(
        "2024-11-27 16:31:05 WIB [1] a@b LOG:  duration: 12.345 ms  execute S_1: /* x */ select 1\n"
        "2024-11-27 16:31:05 WIB [1] a@b LOG:  duration: 0.500 ms\n"
        "2024-11-27 16:31:05 WIB [1] a@b LOG:  duration: 3.000 ms  plan:\n"
        "\tQuery Text: SELECT * FROM dpt;\n"
        "\tSeq Scan on dpt  (cost=0.00..1.0 rows=5 width=4) (actual time=0.1..0.2 rows=20000 "
        "loops=1)\n");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(said(all[0], "event.duration"), "12345000");
    EXPECT_EQ(said(all[0], "db.operation"), "SELECT");
    EXPECT_EQ(said(all[1], "event.duration"), "500000");
    EXPECT_EQ(said(all[2], "db.statement"), "SELECT * FROM dpt;");
    EXPECT_EQ(said(all[2], "db.rows"), "20000");
}

TEST(PostgresqlFormat, WhatIsNoMessageStaysRaw) {
    Reader read{"postgresql"};
    for (const std::string_view line :
         {"hello", "{\"timestamp\":\"x\"}", "{", "2024-11-27 16:31:05 WIB,\"a\",",
          "2024-11-27 16:31:05 WIB [1] no label here", "\tcontinued",
          "2024-13-45 16:31:05 LOG:  x"}) {
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
        EXPECT_EQ(e.raw(), line);
        EXPECT_EQ(e.size(), 0u);
        EXPECT_EQ(e.logsource.product, "postgresql");
    }
}

TEST(PostgresqlFormat, IsRecognisedByItsLines) {
    EXPECT_TRUE(is_postgresql(kFailedCsv));
    EXPECT_TRUE(is_postgresql("2024-11-27 16:31:05.120 WIB [4711] LOG:  checkpoint"));
    EXPECT_TRUE(is_postgresql(R"({"timestamp":"2024-11-27 16:31:05.120 WIB","pid":1,)"
                              R"("error_severity":"LOG","message":"x"})"));
    EXPECT_FALSE(is_postgresql("Nov 27 16:31:05 a b: LOG:  x"));
    EXPECT_FALSE(is_postgresql("2024-11-27 16:31:05 ERROR x"));
    EXPECT_FALSE(is_postgresql(R"({"timestamp":"2024-11-27"})"));
}

}  // namespace
}  // namespace kentongan::log
