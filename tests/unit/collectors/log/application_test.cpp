#include "collectors/log/formats/signs.hpp"
#include "collectors/log/formats/zone_name.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

TEST(MonologFormat, AJsonRecordHasLevelChannelAndException) {
    Reader read{"monolog"};
    const Event& e =
        read(R"({"message":"upload failed","context":{"exception":{"class":"RuntimeException",)"
             R"("message":"disk full","code":0,"file":"/srv/a.php:12","trace":["/srv/b.php:3"]},)"
             R"("account":"kpps.1"},"level":400,"level_name":"ERROR","channel":"upload",)"
             R"("datetime":"2024-11-27T16:31:05.120345+07:00","extra":{}})");
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(said(e, "log.level"), "ERROR");
    EXPECT_EQ(said(e, "log.logger"), "upload");
    EXPECT_EQ(said(e, "message"), "upload failed");
    EXPECT_EQ(said(e, "error.type"), "RuntimeException");
    EXPECT_EQ(said(e, "error.message"), "disk full");
    EXPECT_EQ(said(e, "log.origin.file.name"), "/srv/a.php");
    EXPECT_EQ(said(e, "log.origin.file.line"), "12");
    EXPECT_EQ(said(e, "context.account"), "kpps.1");
    EXPECT_EQ(e.logsource.category, "application");
    EXPECT_EQ(e.logsource.product, "php");
}

TEST(MonologFormat, VersionOneNamesItsZoneBesideTheDate) {
    Reader read{"monolog"};
    const auto stamp = [&](std::string_view zone) {
        return when(read(R"({"message":"x","level_name":"INFO","channel":"a","datetime":{"date":)"
                         R"("2024-11-27 18:31:05.120345","timezone_type":3,"timezone":")" +
                         std::string(zone) + "\"}}"));
    };
    EXPECT_EQ(stamp("Asia/Jayapura"), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(stamp("UTC"), "2024-11-27T18:31:05.120Z");
    EXPECT_EQ(stamp("Somewhere/Else"), "2024-11-27T11:31:05.120Z") << "then the source's zone";
}

TEST(MonologFormat, LaravelsTextKeepsItsTrace) {
    Reader read{"monolog"};
    const auto all = read.all(
        "[2024-11-27 16:31:05] production.ERROR: SQLSTATE[42000]: You have an error in your SQL "
        "syntax {\"exception\":\"[object] (Illuminate\\\\Database\\\\QueryException(code: 42000): "
        "bad at /srv/Connection.php:712)\n"
        "[stacktrace]\n"
        "#0 /srv/vendor/Connection.php(672): run()\n"
        "\"} []\n"
        "[2024-11-27T16:31:06.000000+08:00] audit.INFO: logged in {\"user\":1} []\n"
        "[2024-11-27T16:31:07.000000+08:00] audit.INFO: plain [] []\n");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(when(all[0]), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(said(all[0], "log.logger"), "production");
    EXPECT_EQ(said(all[0], "log.level"), "ERROR");
    EXPECT_EQ(said(all[0], "message"), "SQLSTATE[42000]: You have an error in your SQL syntax");
    EXPECT_EQ(said(all[0], "log.origin.file.line"), "712");
    EXPECT_EQ(said(all[0], "error.message"), "bad");
    EXPECT_NE(said(all[0], "error.stack_trace").find("#0 /srv"), std::string::npos);
    EXPECT_EQ(all[0].also.product, "sql");
    EXPECT_EQ(when(all[1]), "2024-11-27T08:31:06.000Z");
    EXPECT_EQ(said(all[1], "message"), "logged in");
    EXPECT_EQ(said(all[2], "message"), "plain");
}

TEST(LogbackFormat, LogstashJsonHasItsTraceAndSpringIsSeen) {
    Reader read{"logback"};
    const Event& e =
        read(R"({"@timestamp":"2024-11-27T16:31:05.120+07:00","@version":"1","message":"denied",)"
             R"("logger_name":"id.example.Upload","thread_name":"http-1","level":"ERROR",)"
             R"("level_value":40000,"stack_trace":"org.springframework.security.access.)"
             R"(AccessDeniedException: Access is denied\n\tat a.B.c(B.java:1)\n"})");
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(said(e, "log.logger"), "id.example.Upload");
    EXPECT_EQ(said(e, "process.thread.name"), "http-1");
    EXPECT_EQ(said(e, "error.type"), "org.springframework.security.access.AccessDeniedException");
    EXPECT_EQ(said(e, "error.message"), "Access is denied");
    EXPECT_EQ(e.logsource.product, "jvm");
    EXPECT_EQ(e.also.product, "spring");
    EXPECT_EQ(e.also.category, "application");
}

TEST(LogbackFormat, TextLayoutsAreRead) {
    Reader read{"logback"};
    const auto check = [&](std::string_view line) {
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::parsed) << line;
        EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z") << line;
        EXPECT_EQ(said(e, "log.level"), "ERROR") << line;
        EXPECT_EQ(said(e, "log.logger"), "i.g.k.Upload") << line;
        EXPECT_EQ(said(e, "message"), "no room: left") << line;
        EXPECT_EQ(said(e, "process.thread.name"), "exec-1") << line;
    };
    check("2024-11-27T16:31:05.120+07:00 ERROR 71 --- [exec-1] i.g.k.Upload    : no room: left");
    check("2024-11-27 16:31:05.120 ERROR 71 --- [exec-1] i.g.k.Upload : no room: left");
    check("2024-11-27 16:31:05.120 [exec-1] ERROR i.g.k.Upload - no room: left");
    check("2024-11-27 16:31:05,120 ERROR [exec-1] i.g.k.Upload - no room: left");
    read.context.reference = *parse_rfc3339("2024-11-27T09:00:00Z");
    check("16:31:05.120 [exec-1] ERROR i.g.k.Upload - no room: left");
}

TEST(LogbackFormat, ATimeAloneCrossesMidnight) {
    Reader read{"logback"};
    read.context.reference = *parse_rfc3339("2024-11-27T16:59:00Z");  // 23:59 in WIB
    EXPECT_EQ(when(read("23:59:59.000 [a] INFO b.C - x")), "2024-11-27T16:59:59.000Z");
    EXPECT_EQ(when(read("00:00:01.000 [a] INFO b.C - x")), "2024-11-27T17:00:01.000Z");
    EXPECT_EQ(when(read("23:59:59.000 [a] INFO b.C - x")), "2024-11-27T16:59:59.000Z");
}

TEST(LogbackFormat, TracesOfTextLogsAreJoined) {
    Reader read{"logback"};
    const auto all = read.all(
        "2024-11-27 16:31:05.120 [exec-1] ERROR i.g.k.Upload - failed\n"
        "java.io.FileNotFoundException: /srv/../../../etc/passwd\n"
        "\tat a.B.c(B.java:1)\n"
        "Caused by: java.lang.SecurityException: no\n"
        "\t... 3 more\n"
        "2024-11-27 16:31:06.120 [exec-1] INFO  i.g.k.Upload - next\n");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(said(all[0], "error.type"), "java.io.FileNotFoundException");
    EXPECT_EQ(said(all[0], "error.message"), "/srv/../../../etc/passwd");
    EXPECT_NE(all[0].raw().find("... 3 more"), std::string_view::npos);
    EXPECT_EQ(all[0].also.product, "sql");
}

TEST(ZapFormat, GoLoggersAreReadAlike) {
    Reader read{"zap"};
    const auto check = [&](std::string_view line) {
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::parsed) << line;
        EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z") << line;
        EXPECT_EQ(said(e, "message"), "upload failed") << line;
        EXPECT_EQ(said(e, "error.message"), "disk full") << line;
        EXPECT_EQ(said(e, "log.origin.file.line"), "42") << line;
        EXPECT_EQ(e.logsource.product, "go") << line;
    };
    check(R"({"level":"error","ts":1732699865.12,"logger":"api","caller":"api/upload.go:42",)"
          R"("msg":"upload failed","error":"disk full","stacktrace":"main.f\n\t/srv/a.go:1"})");
    check(R"({"level":"error","error":"disk full","time":"2024-11-27T16:31:05.12+07:00",)"
          R"("caller":"/srv/upload.go:42","message":"upload failed"})");
    check(R"({"time":"2024-11-27T16:31:05.12+07:00","level":"ERROR","source":{"function":"main.f",)"
          R"("file":"/srv/upload.go","line":42},"msg":"upload failed","err":"disk full"})");
}

TEST(PinoFormat, NodeLoggersAreRead) {
    Reader read{"pino"};
    const Event& e = read(
        R"({"level":50,"time":1732699865120,"pid":7,"hostname":"web-1","name":"api","msg":"failed",)"
        R"("err":{"type":"Error","message":"spawn","stack":"Error: spawn\n    at )"
        R"(node:child_process:1:2"}})");
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(said(e, "log.level"), "50");
    EXPECT_EQ(said(e, "host.hostname"), "web-1");
    EXPECT_EQ(said(e, "error.type"), "Error");
    EXPECT_EQ(e.logsource.product, "nodejs");
}

TEST(PythonFormat, TheExceptionIsTheLastLineOfTheTrace) {
    Reader read{"python"};
    const Event& e =
        read(R"({"asctime":"2024-11-27 16:31:05,120","levelname":"ERROR","name":"django.request",)"
             R"("message":"Internal Server Error","pathname":"/srv/a.py","lineno":12,"exc_info":)"
             R"("Traceback (most recent call last):\n  File \"/srv/a.py\", line 12, in f\n)"
             R"(django.core.exceptions.SuspiciousOperation: bad host\n"})");
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(said(e, "error.type"), "django.core.exceptions.SuspiciousOperation");
    EXPECT_EQ(said(e, "error.message"), "bad host");
    EXPECT_EQ(said(e, "log.origin.file.line"), "12");
    EXPECT_EQ(e.logsource.product, "python");
    EXPECT_EQ(e.also.product, "django");
}

TEST(ApplicationFormats, WhatIsNoRecordStaysRaw) {
    for (const std::string_view format : {"monolog", "logback", "zap", "pino", "python"}) {
        Reader read{format};
        for (const std::string_view line :
             {"x", "{}", "{\"message\":\"no level\"}", "[2024-11-27] x",
              "[2024-11-27 16:31:05] a: b", "2024-11-27 16:31:05", "99:99:99 [a] INFO b - c"}) {
            EXPECT_EQ(read(line).raw(), line);
            EXPECT_EQ(read.result, ParseResult::unparsed) << format << ": " << line;
            EXPECT_EQ(read.event.logsource.category, "application");
        }
    }
}

TEST(ApplicationFormats, AreRecognisedByTheirLines) {
    EXPECT_TRUE(is_monolog("[2024-11-27 16:31:05] production.ERROR: x {\"a\":1} []"));
    EXPECT_FALSE(is_monolog("[2024-11-27 16:31:05] x"));
    EXPECT_TRUE(is_logback("2024-11-27 16:31:05.120 [exec-1] ERROR i.g.k.Upload - x"));
    EXPECT_FALSE(is_logback("2024-11-27 16:31:05 ERROR x"));
    EXPECT_TRUE(is_zap(R"({"level":"info","ts":1.5,"msg":"x"})"));
    EXPECT_TRUE(is_pino(R"({"level":30,"time":1,"pid":1,"hostname":"a","msg":"x"})"));
    EXPECT_TRUE(is_python(R"({"levelname":"INFO","message":"x"})"));
    EXPECT_FALSE(is_zap(R"({"level":"info","message":"x"})"));
}

TEST(ZoneName, KnowsIndonesiasZonesAndOffsets) {
    using std::chrono::hours;
    using std::chrono::minutes;
    EXPECT_EQ(zone_named("WIB"), hours{7});
    EXPECT_EQ(zone_named("WITA"), hours{8});
    EXPECT_EQ(zone_named("WIT"), hours{9});
    EXPECT_EQ(zone_named("Asia/Makassar"), hours{8});
    EXPECT_EQ(zone_named("UTC"), hours{0});
    EXPECT_EQ(zone_named("+07"), hours{7});
    EXPECT_EQ(zone_named("-0330"), -(hours{3} + minutes{30}));
    EXPECT_EQ(zone_named("+05:30"), hours{5} + minutes{30});
    for (const std::string_view unknown : {"", "+", "+7", "CST", "+99", "wib", "+07:"})
        EXPECT_EQ(zone_named(unknown), std::nullopt) << unknown;
}

}  // namespace
}  // namespace kentongan::log
