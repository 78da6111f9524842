#include "collectors/log/formats/signs.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

constexpr std::string_view kAlert =
    R"({"timestamp":"2024-11-27T16:31:05.120345+0700","flow_id":1780344931234567,"in_iface":"eth0",)"
    R"("event_type":"alert","src_ip":"203.0.113.9","src_port":40112,"dest_ip":"10.0.0.5",)"
    R"("dest_port":80,"proto":"TCP","pkt_src":"wire/pcap","tx_id":0,"alert":{"action":"allowed",)"
    R"("gid":1,"signature_id":9000123,"rev":4,"signature":"LOCAL web shell command in URI",)"
    R"("category":"Web Application Attack","severity":1,"metadata":{"mitre_technique_id":["T1190",)"
    R"("T1505.003"],"signature_severity":["Critical"]}},"http":{"hostname":"hasil.example",)"
    R"("url":"/upload/a.php?cmd=id","http_user_agent":"curl/8","http_method":"GET",)"
    R"("protocol":"HTTP/1.1","status":200,"length":12},"app_proto":"http","payload":"R0VU"})";

TEST(EveFormat, AnAlertIsANoticeWithItsSignature) {
    Reader read{"eve"};
    const Event& e = read(kAlert);
    ASSERT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(e.kind, EventKind::notice);
    EXPECT_EQ(to_rfc3339(e.time, 6), "2024-11-27T09:31:05.120345Z");
    EXPECT_EQ(e.logsource.product, "suricata");
    EXPECT_EQ(e.logsource.service, "alert");
    EXPECT_EQ(said(e, "rule.id"), "9000123");
    EXPECT_EQ(said(e, "rule.name"), "LOCAL web shell command in URI");
    EXPECT_EQ(said(e, "rule.category"), "Web Application Attack");
    EXPECT_EQ(said(e, "event.severity"), "1");
    EXPECT_EQ(said(e, "threat.technique.id"), "T1190");
    EXPECT_EQ(said(e, "suricata.eve.alert.gid"), "1");
    EXPECT_EQ(said(e, "suricata.eve.alert.metadata.signature_severity"), "Critical");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "network.transport"), "tcp");
    EXPECT_EQ(said(e, "url.path"), "/upload/a.php");
    EXPECT_EQ(said(e, "url.query"), "cmd=id");
    EXPECT_EQ(said(e, "suricata.eve.payload"), "") << "bytes stay in the raw record";
    EXPECT_EQ(said(e, "suricata.eve.in_iface"), "eth0");
}

std::string record(std::string_view type, std::string_view src, std::string_view dest,
                   std::string_view rest) {
    return R"({"timestamp":"2024-11-27T16:31:05.120345+0700","flow_id":1,"event_type":")" +
           std::string(type) + R"(","src_ip":")" + std::string(src) +
           R"(","src_port":40112,"dest_ip":")" + std::string(dest) +
           R"(","dest_port":80,"proto":"TCP")" + std::string(rest) + "}";
}

TEST(EveFormat, HttpIsTheWebserversOrTheProxysByItsDirection) {
    Reader read{"eve"};
    const auto http =
        R"(,"http":{"hostname":"a.example","url":"/x.exe","http_method":"GET","status":404})";
    const Event& in = read(record("http", "203.0.113.9", "10.0.0.5", http));
    EXPECT_EQ(in.kind, EventKind::web);
    EXPECT_EQ(in.logsource.category, "webserver");
    EXPECT_EQ(said(in, "event.outcome"), "failure");
    EXPECT_EQ(said(in, "url.domain"), "a.example");
    EXPECT_EQ(said(in, "url.extension"), "exe");
    EXPECT_EQ(read(record("http", "10.0.0.5", "203.0.113.9", http)).logsource.category, "proxy");
}

TEST(EveFormat, DnsIsReadInThreeShapes) {
    Reader read{"eve"};
    const auto check = [&](std::string_view dns, std::string_view type, std::string_view answer) {
        const Event& e = read(record("dns", "10.0.0.5", "10.0.0.2", dns));
        EXPECT_EQ(e.kind, EventKind::dns) << dns;
        EXPECT_EQ(e.logsource.category, "dns");
        EXPECT_EQ(e.also.category, "network");
        EXPECT_EQ(e.also.service, "dns");
        EXPECT_EQ(said(e, "dns.question.name"), "a.example") << dns;
        EXPECT_EQ(said(e, "dns.question.type"), "A") << dns;
        EXPECT_EQ(said(e, "dns.type"), type) << dns;
        EXPECT_EQ(said(e, "dns.answers.data"), answer) << dns;
    };
    check(R"(,"dns":{"type":"answer","id":7,"rcode":"NOERROR","rrname":"a.example","rrtype":"A",)"
          R"("ttl":60,"rdata":"192.0.2.1"})",
          "answer", "192.0.2.1");
    check(
        R"(,"dns":{"version":2,"type":"answer","id":7,"flags":"8180","rrname":"a.example",)"
        R"("rrtype":"A","rcode":"NOERROR","answers":[{"rrname":"a.example","rrtype":"A","ttl":60,)"
        R"("rdata":"192.0.2.1"}],"grouped":{"A":["192.0.2.1"]}})",
        "answer", "192.0.2.1");
    check(R"(,"dns":{"version":3,"type":"request","tx_id":0,"id":7,"queries":[{"rrname":)"
          R"("a.example","rrtype":"A"}]})",
          "query", "");
    check(R"(,"dns":{"version":2,"type":"answer","id":7,"rrname":"a.example","rrtype":"A",)"
          R"("rcode":"NOERROR","grouped":{"A":["192.0.2.1"]}})",
          "answer", "192.0.2.1");
}

TEST(EveFormat, PasswordsOfFtpAreNotKept) {
    Reader read{"eve"};
    const Event& e = read(record("ftp", "10.0.0.5", "203.0.113.9",
                                 R"(,"ftp":{"command":"PASS","command_data":"rahasia"})"));
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(e.raw().find("rahasia"), std::string_view::npos);
    EXPECT_EQ(to_json(e).find("rahasia"), std::string::npos);
    EXPECT_EQ(said(e, "suricata.eve.ftp.command"), "PASS");
}

TEST(EveFormat, FlowsAreConnectionsAndTlsHasItsNames) {
    Reader read{"eve"};
    const Event& flow = read(record(
        "flow", "10.0.0.5", "203.0.113.9",
        R"(,"flow":{"pkts_toserver":5,"pkts_toclient":4,"bytes_toserver":600,"bytes_toclient":9000,)"
        R"("start":"2024-11-27T16:30:00.0+0700","end":"2024-11-27T16:30:07.0+0700","age":7,)"
        R"("state":"closed","reason":"timeout"})"));
    EXPECT_EQ(flow.kind, EventKind::conn);
    EXPECT_EQ(flow.also.service, "connection");
    EXPECT_EQ(said(flow, "destination.bytes"), "9000");
    EXPECT_EQ(said(flow, "event.duration"), "7000000000");
    EXPECT_EQ(said(flow, "suricata.eve.flow.reason"), "timeout");
    const Event& tls =
        read(record("tls", "10.0.0.5", "203.0.113.9",
                    R"(,"tls":{"sni":"a.example","version":"TLS 1.3","ja4":"t13"})"));
    EXPECT_EQ(tls.kind, EventKind::tls);
    EXPECT_EQ(said(tls, "tls.client.server_name"), "a.example");
    EXPECT_EQ(said(tls, "tls.client.ja4"), "t13");
}

TEST(EveFormat, StatsAreCountedAndNoEvent) {
    Reader read{"eve"};
    read(
        R"({"timestamp":"2024-11-27T16:31:05.12+0700","event_type":"stats","stats":{"uptime":8}})");
    EXPECT_EQ(read.result, ParseResult::blank);
}

TEST(EveFormat, WhatIsNoEveRecordStaysRaw) {
    Reader read{"eve"};
    for (const std::string_view line :
         {"x", "{}", R"({"event_type":"alert"})", R"({"event_type":7,"timestamp":"2024-11-27"})",
          R"({"timestamp":"yesterday","event_type":"alert"})"}) {
        EXPECT_EQ(read(line).raw(), line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
    }
}

TEST(EveFormat, IsRecognisedByItsLines) {
    EXPECT_TRUE(is_eve(kAlert));
    EXPECT_FALSE(is_eve(R"({"timestamp":"2024-11-27T16:31:05Z","message":"x"})"));
}

}  // namespace
}  // namespace kentongan::log
