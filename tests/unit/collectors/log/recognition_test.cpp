// `auto` and the formats of databases, applications and other sensors.
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

std::string settled(std::string_view line) {
    Reader read{"auto"};
    (void)read.all(line);
    return std::string(read.format().name());
}

TEST(AutoFormat, RecognisesDatabases) {
    EXPECT_EQ(settled("2024-11-27 16:31:05.120 WIB [4711] op@sirekap FATAL:  no"), "postgresql");
    EXPECT_EQ(
        settled("2024-11-27 16:31:05.120 WIB,,,9,,a.9,1,,2024-11-27 16:00:00 WIB,,0,LOG,00000,"
                "\"checkpoint\",,,,,,,,,\"\",\"checkpointer\",,0"),
        "postgresql");
    EXPECT_EQ(settled(R"({"timestamp":"2024-11-27 16:31:05.120 WIB","error_severity":"LOG"})"),
              "postgresql");
    EXPECT_EQ(settled("2024-11-27T16:31:05+07:00 db-1 postgres[12]: [3-1] LOG:  x"), "syslog");
    EXPECT_EQ(settled("2024-11-27T09:31:05.123456Z\t   12 Query\tSELECT 1"), "mysql");
    EXPECT_EQ(settled("# Time: 2024-11-27T09:31:05.123456Z"), "mysql");
    EXPECT_EQ(settled("20241127 16:31:05,db,app,10.0.0.5,12,3,QUERY,x,'SELECT 1',0"), "mysql");
}

TEST(AutoFormat, RecognisesApplications) {
    EXPECT_EQ(settled("[2024-11-27 16:31:05] production.ERROR: x {\"a\":1} []"), "monolog");
    EXPECT_EQ(settled(R"({"message":"x","level_name":"INFO","channel":"a","datetime":"x"})"),
              "monolog");
    EXPECT_EQ(settled("2024-11-27T16:31:05.120+07:00 ERROR 71 --- [exec-1] i.g.k.Upload  : x"),
              "logback");
    EXPECT_EQ(settled(R"({"@timestamp":"x","level":"INFO","logger_name":"a","message":"x"})"),
              "logback");
    EXPECT_EQ(settled(R"({"level":"info","ts":1.5,"msg":"x"})"), "zap");
    EXPECT_EQ(settled(R"({"level":30,"time":1,"pid":1,"hostname":"a","msg":"x"})"), "pino");
    EXPECT_EQ(settled(R"({"levelname":"INFO","message":"x"})"), "python");
}

TEST(AutoFormat, RecognisesSensorsAndClusters) {
    EXPECT_EQ(settled("#separator \\x09"), "zeek");
    EXPECT_EQ(
        settled(R"({"timestamp":"2024-11-27T16:31:05+0700","event_type":"tls","src_ip":"::1"})"),
        "eve");
    EXPECT_EQ(settled(R"({"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"})"),
              "kubernetes");
}

TEST(AutoFormat, TakesAFileUpInItsMiddleByItsHead) {
    Reader read{"auto"};
    read.format().begin(
        "#separator \\x09\n#path\tssh\n#fields\tts\tuid\n#types\ttime\tstring\n1.0\tC1\n");
    const Event& e = read("1732699865.0\tC2");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(said(e, "uid"), "C2");
    EXPECT_EQ(read.format().name(), "zeek");
}

}  // namespace
}  // namespace kentongan::log
