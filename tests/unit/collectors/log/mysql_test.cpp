#include "collectors/log/formats/signs.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

TEST(MysqlFormat, TheGeneralLogOfMysql8IsReadAndItsStatementsJoined) {
    Reader read{"mysql"};
    const auto all = read.all(
        "/usr/sbin/mysqld, Version: 8.0.36 (MySQL Community Server). started with:\n"
        "Tcp port: 3306  Unix socket: /run/mysqld/mysqld.sock\n"
        "Time                 Id Command    Argument\n"
        "2024-11-27T09:31:05.123456Z\t   12 Connect\tapp@10.0.0.5 on sirekap using SSL/TLS\n"
        "2024-11-27T09:31:05.200000Z\t   12 Query\tSELECT nik\n"
        "FROM dpt\n"
        "2024-11-27T09:31:06.000000Z\t   12 Quit\t\n");
    ASSERT_EQ(all.size(), 6u);
    EXPECT_EQ(all[3].kind, EventKind::log) << "the password has not been looked at yet";
    EXPECT_EQ(said(all[3], "user.name"), "app");
    EXPECT_EQ(said(all[3], "source.ip"), "10.0.0.5");
    EXPECT_EQ(said(all[3], "db.name"), "sirekap");
    EXPECT_EQ(said(all[3], "event.action"), "connect");
    EXPECT_EQ(to_rfc3339(all[4].time, 6), "2024-11-27T09:31:05.200000Z");
    EXPECT_EQ(said(all[4], "db.statement"), "SELECT nik\nFROM dpt");
    EXPECT_EQ(said(all[4], "db.operation"), "SELECT");
    EXPECT_EQ(said(all[4], "mysql.thread_id"), "12");
    EXPECT_EQ(said(all[5], "event.action"), "quit");
    EXPECT_EQ(all[4].logsource.product, "mysql");
    EXPECT_EQ(all[4].logsource.category, "database");
    EXPECT_EQ(all[4].also.product, "sql");
}

TEST(MysqlFormat, OlderGeneralLogsSayTheTimeOnceASecond) {
    Reader read{"mysql"};
    const auto all = read.all(
        "241127  9:31:05\t   12 Connect\troot@localhost on  using Socket\n"
        "\t\t   12 Connect\tAccess denied for user 'root'@'localhost' (using password: NO)\n"
        "241127 16:31:06\t   13 Init DB\tsirekap\n");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(when(all[0]), "2024-11-27T02:31:05.000Z");
    EXPECT_EQ(when(all[1]), "2024-11-27T02:31:05.000Z") << "the time of the line before";
    EXPECT_EQ(all[1].kind, EventKind::auth);
    EXPECT_EQ(said(all[1], "event.outcome"), "failure");
    EXPECT_EQ(said(all[1], "error.code"), "1045");
    EXPECT_EQ(said(all[1], "source.address"), "localhost");
    EXPECT_EQ(said(all[2], "db.name"), "sirekap");
    EXPECT_EQ(when(all[2]), "2024-11-27T09:31:06.000Z");
}

TEST(MysqlFormat, AccessDeniedInAnyErrorLogIsAFailedLogin) {
    Reader read{"mysql"};
    for (const std::string_view line :
         {"2024-11-27T09:31:05.123456Z 12 [Note] [MY-010926] [Server] Access denied for user "
          "'root'@'10.0.0.9' (using password: YES)",
          "2024-11-27T09:31:05.123456Z 12 [Note] Access denied for user 'root'@'10.0.0.9' (using "
          "password: YES)",
          "2024-11-27 16:31:05 12 [Warning] Access denied for user 'root'@'10.0.0.9' (using "
          "password: YES)",
          "241127 16:31:05 [Warning] Access denied for user 'root'@'10.0.0.9' (using password: "
          "YES)"}) {
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::parsed) << line;
        EXPECT_EQ(e.kind, EventKind::auth) << line;
        EXPECT_EQ(said(e, "user.name"), "root");
        EXPECT_EQ(said(e, "source.ip"), "10.0.0.9");
        EXPECT_EQ(said(e, "error.code"), "1045");
        EXPECT_EQ(when(e).substr(0, 19), "2024-11-27T09:31:05") << line;
    }
    const Event& e = read(
        "2024-11-27T09:31:05.1Z 12 [Warning] [MY-010055] [Server] IP address '10.0.0.9' could not "
        "be resolved");
    EXPECT_EQ(e.kind, EventKind::log);
    EXPECT_EQ(said(e, "event.code"), "MY-010055");
    EXPECT_EQ(said(e, "log.level"), "Warning");
    EXPECT_EQ(said(e, "log.logger"), "Server");
    EXPECT_EQ(said(e, "message"), "IP address '10.0.0.9' could not be resolved");
}

TEST(MysqlFormat, ARefusedDatabaseIsNoWrongPassword) {
    Reader read{"mysql"};
    const Event& e = read(
        "2024-11-27T09:31:05.1Z\t  12 Connect\tAccess denied for user 'app'@'10.0.0.9' to database "
        "'sirekap'");
    EXPECT_EQ(e.kind, EventKind::log);
    EXPECT_EQ(said(e, "error.code"), "1044");
    EXPECT_EQ(said(e, "event.action"), "database-refused");
}

TEST(MysqlFormat, MariadbsAuditPluginIsRead) {
    Reader read{"mysql"};
    const Event& query = read(
        "20241127 16:31:05,db-1,app,10.0.0.5,12,345,QUERY,sirekap,'UPDATE hasil SET a=\\'x,y\\', "
        "b=1',0");
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(query), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(said(query, "user.name"), "app");
    EXPECT_EQ(said(query, "source.ip"), "10.0.0.5");
    EXPECT_EQ(said(query, "db.name"), "sirekap");
    EXPECT_EQ(said(query, "db.operation"), "UPDATE");
    EXPECT_EQ(said(query, "db.statement"), "UPDATE hasil SET a=\\'x,y\\', b=1");
    EXPECT_EQ(said(query, "mysql.query_id"), "345");
    EXPECT_EQ(said(query, "event.outcome"), "success");
    EXPECT_EQ(said(query, "host.hostname"), "db-1");

    const Event& write = read("20241127 16:31:05,db-1,app,10.0.0.5,12,345,WRITE,sirekap,hasil,");
    EXPECT_EQ(said(write, "db.object"), "hasil");
    EXPECT_EQ(said(write, "db.operation"), "WRITE");

    const Event& failed = read("20241127 16:31:05,db-1,root,10.0.0.9,13,0,FAILED_CONNECT,,,1045");
    EXPECT_EQ(failed.kind, EventKind::auth);
    EXPECT_EQ(said(failed, "event.outcome"), "failure");
    EXPECT_EQ(said(failed, "error.code"), "1045");
    const Event& good = read("20241127 16:31:05,db-1,app,10.0.0.5,14,0,CONNECT,sirekap,,0,TLSv1.3");
    EXPECT_EQ(good.kind, EventKind::auth);
    EXPECT_EQ(said(good, "event.outcome"), "success");
}

TEST(MysqlFormat, ANameWithCommasCannotForgeALogin) {
    Reader read{"mysql"};
    const Event& e = read(
        "20241127 16:31:05,db-1,x,10.0.0.1,1,0,CONNECT,a,,0,10.0.0.9,13,0,FAILED_CONNECT,,,1045");
    EXPECT_EQ(read.result, ParseResult::unparsed);
    EXPECT_EQ(e.kind, EventKind::log);
}

TEST(MysqlFormat, TheSlowLogIsOneRecordForAStatement) {
    Reader read{"mysql"};
    const auto all = read.all(
        "# Time: 2024-11-27T09:31:05.123456Z\n"
        "# User@Host: app[app] @ web-1 [10.0.0.5]  Id:    12\n"
        "# Query_time: 1.500000  Lock_time: 0.000012 Rows_sent: 20000  Rows_examined: 40000\n"
        "use sirekap;\n"
        "SET timestamp=1732699865;\n"
        "SELECT *\n"
        "FROM dpt;\n"
        "# User@Host: root[root] @ localhost []\n"
        "# Thread_id: 7  Schema: hasil  QC_hit: No\n"
        "# Query_time: 2.000000  Lock_time: 0.000012 Rows_sent: 0  Rows_examined: 0\n"
        "SET timestamp=1732699870;\n"
        "UPDATE t SET a = 1;\n");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(to_rfc3339(all[0].time, 6), "2024-11-27T09:31:05.123456Z");
    EXPECT_EQ(said(all[0], "db.statement"), "SELECT *\nFROM dpt;");
    EXPECT_EQ(said(all[0], "db.rows"), "20000");
    EXPECT_EQ(said(all[0], "event.duration"), "1500000000");
    EXPECT_EQ(said(all[0], "db.name"), "sirekap");
    EXPECT_EQ(said(all[0], "user.name"), "app");
    EXPECT_EQ(said(all[0], "source.ip"), "10.0.0.5");
    EXPECT_EQ(said(all[0], "mysql.thread_id"), "12");
    EXPECT_EQ(when(all[1]), "2024-11-27T09:31:10.000Z");
    EXPECT_EQ(said(all[1], "db.name"), "hasil");
    EXPECT_EQ(said(all[1], "source.address"), "localhost");
    EXPECT_EQ(said(all[1], "db.operation"), "UPDATE");
}

TEST(MysqlFormat, JsonAuditLogsAreRead) {
    Reader read{"mysql"};
    const Event& percona = read(
        R"({"audit_record":{"name":"Query","record":"4_2024","timestamp":"2024-11-27T09:31:05Z",)"
        R"("command_class":"select","connection_id":"12","status":0,"sqltext":"SELECT 1",)"
        R"("user":"app[app] @  [10.0.0.5]","host":"","os_user":"","ip":"10.0.0.5","db":"sirekap"}})");
    EXPECT_EQ(said(percona, "db.operation"), "SELECT");
    EXPECT_EQ(said(percona, "user.name"), "app");
    EXPECT_EQ(said(percona, "source.ip"), "10.0.0.5");
    const Event& enterprise = read(
        R"({"timestamp":"2024-11-27 09:31:05","id":1,"class":"connection","event":"connect",)"
        R"("connection_id":12,"account":{"user":"root","host":"10.0.0.9"},"login":{"user":"root",)"
        R"("os":"","ip":"10.0.0.9","proxy":""},"connection_data":{"connection_type":"ssl",)"
        R"("status":1045,"db":"sirekap"}},)");
    EXPECT_EQ(enterprise.kind, EventKind::auth);
    EXPECT_EQ(said(enterprise, "event.outcome"), "failure");
    EXPECT_EQ(when(enterprise), "2024-11-27T09:31:05.000Z") << "UTC, though it does not say so";
}

TEST(MysqlFormat, WhatIsNoRecordStaysRaw) {
    Reader read{"mysql"};
    for (const std::string_view line :
         {"hello", "{\"a\":1}", "# comment", "2024-11-27T09:31:05Z", "20241127 16:31:05,a,b",
          "2024-11-27T09:31:05.1Z\t 12 Unheard of\tx", "\t\t 12"}) {
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
        EXPECT_EQ(e.raw(), line);
        EXPECT_EQ(e.logsource.product, "mysql");
    }
}

TEST(MysqlFormat, IsRecognisedByItsLines) {
    EXPECT_TRUE(is_mysql("2024-11-27T09:31:05.123456Z\t   12 Query\tSELECT 1"));
    EXPECT_TRUE(is_mysql("2024-11-27T09:31:05.1Z 0 [System] [MY-010931] [Server] ready"));
    EXPECT_TRUE(is_mysql("20241127 16:31:05,db,app,10.0.0.5,12,3,QUERY,x,'SELECT 1',0"));
    EXPECT_TRUE(is_mysql("# Time: 241127 16:31:05"));
    EXPECT_TRUE(is_mysql("# User@Host: root[root] @ localhost []"));
    EXPECT_FALSE(is_mysql("2024-11-27 16:31:05 [INFO] an application"));
    EXPECT_FALSE(is_mysql("# a comment"));
}

}  // namespace
}  // namespace kentongan::log
