#include "collectors/zeek/record_reader.hpp"

#include <gtest/gtest.h>

#include "collectors/zeek/stream.hpp"

namespace kentongan::zeek {
namespace {

struct Read {
    bool is_record = false;
    Event event;
    std::string text(std::string_view name) const {
        const auto field = find_field(name);
        return field ? event.get(*field).to_string() : "";
    }
    bool has(std::string_view name) const {
        const auto field = find_field(name);
        return field && event.has(*field);
    }
};

Read read(std::string_view stream, std::string_view json) {
    Read out;
    out.event.set_raw(json);
    out.is_record = RecordReader{}.read(json, stream, out.event);
    return out;
}

constexpr std::string_view kNestedConn =
    R"({"ts":1427726689.213953,"uid":"CHhAvVGS1DHFjwGM9","id":{"orig_h":"192.168.56.1",)"
    R"("orig_p":{"port":58246,"proto":"tcp"},"resp_h":"192.168.56.103",)"
    R"("resp_p":{"port":22,"proto":"tcp"}},"proto":"tcp","service":"ssh",)"
    R"("duration":"1.0 min 2.0 secs 500.0 msecs","orig_bytes":1865,"resp_bytes":2509,)"
    R"("conn_state":"SF","history":"ShAdDaFf","orig_pkts":22,"resp_pkts":18,"local_orig":true})";
constexpr std::string_view kFlatConn =
    R"({"ts":1427726689.213953,"uid":"CHhAvVGS1DHFjwGM9","id.orig_h":"192.168.56.1",)"
    R"("id.orig_p":58246,"id.resp_h":"192.168.56.103","id.resp_p":22,"proto":"tcp",)"
    R"("service":"ssh","duration":62.5,"orig_bytes":1865,"resp_bytes":2509,)"
    R"("conn_state":"SF","history":"ShAdDaFf","orig_pkts":22,"resp_pkts":18,"local_orig":true})";

TEST(ZeekRecord, NestedAndFlatConnAreTheSameEvent) {
    const auto nested = read("Conn::LOG", kNestedConn);
    const auto flat = read("conn", kFlatConn);
    ASSERT_TRUE(nested.is_record);
    EXPECT_EQ(to_json(nested.event), to_json(flat.event));
}

TEST(ZeekRecord, ConnHasEcsAndNativeFields) {
    const auto conn = read("conn", kFlatConn);
    EXPECT_EQ(conn.event.kind, EventKind::conn);
    EXPECT_EQ(conn.event.logsource.product, "zeek");
    EXPECT_EQ(conn.event.logsource.service, "conn");
    EXPECT_EQ(conn.event.logsource.category, "network");
    EXPECT_EQ(conn.text("source.ip"), "192.168.56.1");
    EXPECT_EQ(conn.event.get(Field::source_ip).type(), Value::Type::ip);
    EXPECT_EQ(conn.event.integer(Field::source_port), 58246);
    EXPECT_EQ(conn.event.integer(Field::destination_port), 22);
    EXPECT_EQ(conn.event.integer(Field::destination_bytes), 2509);
    EXPECT_EQ(conn.event.integer(Field::event_duration), 62'500'000'000);
    EXPECT_EQ(conn.text("network.state"), "SF");
    EXPECT_EQ(conn.text("network.protocol"), "ssh");
    EXPECT_EQ(conn.text("network.type"), "ipv4");
    EXPECT_EQ(conn.text("id.resp_h"), "192.168.56.103");
    EXPECT_EQ(conn.text("id.resp_p"), "22");
    EXPECT_EQ(conn.text("conn_state"), "SF");
    EXPECT_EQ(conn.text("duration"), "62.5");
    EXPECT_EQ(conn.text("zeek.session_id"), "CHhAvVGS1DHFjwGM9");
}

TEST(ZeekRecord, AConnectionsTimeIsItsEndToTheMicrosecond) {
    EXPECT_EQ(to_rfc3339(read("conn", kFlatConn).event.time, 6), "2015-03-30T14:45:51.713953Z");
}

TEST(ZeekRecord, TimesAreNumbersTextOrIso) {
    for (const auto* ts : {"1732689065.5", "\"1732689065.500000\"", "\"2024-11-27T06:31:05.5Z\""}) {
        const auto dns = read("dns", std::string(R"({"ts":)") + ts + R"(,"query":"kpu.go.id"})");
        ASSERT_TRUE(dns.is_record) << ts;
        EXPECT_EQ(to_rfc3339(dns.event.time), "2024-11-27T06:31:05.500Z") << ts;
    }
}

TEST(ZeekRecord, ATimeThatIsNoneIsNoRecord) {
    for (const auto* ts : {"-1", "1e300", "\"yesterday\"", "true", "9.3e9"})
        EXPECT_FALSE(read("dns", std::string(R"({"query":"a","ts":)") + ts + "}").is_record) << ts;
    EXPECT_FALSE(read("dns", "{}").is_record);
    EXPECT_FALSE(read("dns", R"({"a":null,"b":{},"c":[]})").is_record);
}

TEST(ZeekRecord, DnsAnswersAreAList) {
    const auto dns =
        read("DNS::LOG",
             R"({"ts":1,"id_orig_h":"10.0.0.5","id_resp_p":"53/udp","query":"kpu.go.id",)"
             R"("qtype_name":"A","rcode_name":"NOERROR","answers":["192.0.2.1","192.0.2.2"],)"
             R"("AA":false,"trans_id":4711,"TTLs":["5.0 mins",300.0]})");
    EXPECT_EQ(dns.event.kind, EventKind::dns);
    EXPECT_EQ(dns.event.logsource.category, "dns");
    EXPECT_EQ(dns.text("source.ip"), "10.0.0.5");
    EXPECT_EQ(dns.text("id.orig_h"), "10.0.0.5");
    EXPECT_EQ(dns.event.integer(Field::destination_port), 53);
    EXPECT_EQ(dns.text("dns.question.name"), "kpu.go.id");
    EXPECT_EQ(dns.text("query"), "kpu.go.id");
    EXPECT_EQ(dns.event.integer(Field::dns_id), 4711);
    EXPECT_NE(to_json(dns.event).find(R"("dns.answers.data":["192.0.2.1","192.0.2.2"])"),
              std::string::npos);
    EXPECT_NE(to_json(dns.event).find(R"("answers":["192.0.2.1","192.0.2.2"])"), std::string::npos);
}

TEST(ZeekRecord, HttpSplitsTheUriAndDropsThePassword) {
    const auto http = read(
        "http",
        R"({"ts":1,"id.orig_h":"203.0.113.9","id.resp_h":"10.1.1.1","method":"POST",)"
        R"("host":"sirekap.example","uri":"/unggah/c.php?tps=1%27--","user_agent":"sqlmap/1.8",)"
        R"("status_code":500,"username":"petugas","password":"rahasia","tags":[],)"
        R"("nested":{"Password":"rahasia"}})");
    EXPECT_EQ(http.event.kind, EventKind::web);
    EXPECT_EQ(http.event.logsource.category, "webserver");
    EXPECT_EQ(http.text("url.original"), "/unggah/c.php?tps=1%27--");
    EXPECT_EQ(http.text("url.path"), "/unggah/c.php");
    EXPECT_EQ(http.text("url.query"), "tps=1%27--");
    EXPECT_EQ(http.text("url.extension"), "php");
    EXPECT_EQ(http.text("user_agent.original"), "sqlmap/1.8");
    EXPECT_EQ(http.text("user_agent"), "sqlmap/1.8");
    EXPECT_EQ(http.text("uri"), "/unggah/c.php?tps=1%27--");
    EXPECT_EQ(http.event.integer(Field::http_response_status_code), 500);
    EXPECT_EQ(to_json(http.event).find("rahasia"), std::string::npos);
}

TEST(ZeekRecord, HttpToOutsideIsWhatAProxySees) {
    const auto out = read("http", R"({"ts":1,"id.orig_h":"10.1.1.1","id.resp_h":"203.0.113.9"})");
    EXPECT_EQ(out.event.logsource.category, "proxy");
}

TEST(ZeekRecord, NoticesSourceIsSrcBeforeTheConnections) {
    const auto notice = read(
        "Notice::LOG",
        R"({"ts":1427726724.379736,"id":{"orig_h":"10.0.0.9"},"note":"SSH::Password_Guessing",)"
        R"("msg":"guessing","sub":"Sampled servers","src":"192.168.56.1","dst":"192.168.56.103",)"
        R"("p":{"port":22,"proto":"tcp"},"peer_descr":"worker-1",)"
        R"("actions":["Notice::ACTION_LOG"],"suppress_for":"1.0 hr"})");
    EXPECT_EQ(notice.event.kind, EventKind::notice);
    EXPECT_EQ(notice.text("source.ip"), "192.168.56.1");
    EXPECT_EQ(notice.text("zeek.notice.note"), "SSH::Password_Guessing");
    EXPECT_EQ(notice.text("rule.name"), "SSH::Password_Guessing");
    EXPECT_EQ(notice.text("message"), "guessing");
    EXPECT_EQ(notice.text("host.hostname"), "worker-1");
    EXPECT_EQ(notice.event.integer(Field::destination_port), 22);
    EXPECT_EQ(notice.text("suppress_for"), "3600");
}

TEST(ZeekRecord, SshWithAKnownEndIsALogin) {
    const auto failed = read("ssh", R"({"ts":1,"id.orig_h":"192.0.2.1","auth_success":false})");
    EXPECT_EQ(failed.event.kind, EventKind::auth);
    EXPECT_EQ(failed.text("event.outcome"), "failure");
    EXPECT_EQ(read("ssh", R"({"ts":1,"client":"x"})").event.kind, EventKind::log);
}

TEST(ZeekRecord, IntelAndSignaturesAreNotices) {
    const auto intel = read("Intel::LOG", R"({"ts":1,"seen":{"indicator":"evil.example"}})");
    EXPECT_EQ(intel.event.kind, EventKind::notice);
    EXPECT_EQ(intel.text("zeek.notice.note"), "Intel::Notice");
    EXPECT_EQ(intel.text("message"), "Intel hit on evil.example");
    const auto signature =
        read("signatures", R"({"ts":1,"note":"Signatures::Sensitive_Signature","src_addr":"::1"})");
    EXPECT_EQ(signature.text("zeek.notice.note"), "Signatures::Sensitive_Signature");
    EXPECT_EQ(signature.text("source.ip"), "::1");
}

TEST(ZeekRecord, SslIsTls) {
    const auto ssl = read("SSL::LOG", R"({"ts":1,"version":"TLSv13","server_name":"kpu.go.id",)"
                                      R"("established":true})");
    EXPECT_EQ(ssl.event.kind, EventKind::tls);
    EXPECT_EQ(ssl.text("tls.client.server_name"), "kpu.go.id");
    EXPECT_EQ(ssl.event.get(Field::tls_established).type(), Value::Type::boolean);
}

TEST(ZeekRecord, AStreamNobodyKnowsIsStillARecord) {
    const auto other = read("MyScript::VERY_OWN_LOG", R"({"ts":1,"a.b":"c"})");
    ASSERT_TRUE(other.is_record);
    EXPECT_EQ(other.event.logsource.service, "other");
    EXPECT_EQ(other.text("zeek.stream"), "my_script_very_own");
    EXPECT_EQ(other.text("a.b"), "c");
}

TEST(ZeekRecord, MayNotSpeakInOurName) {
    const auto record = read("conn", R"({"ts":1,"sirekap":{"tps":"3171011001001"},"x":1,)"
                                     R"("source.ip":"192.0.2.1","rule":{"name":"y"}})");
    ASSERT_TRUE(record.is_record);
    EXPECT_FALSE(record.event.has(Field::sirekap_tps));
    EXPECT_FALSE(record.event.has(Field::source_ip));
    EXPECT_FALSE(record.event.has(Field::rule_name));
}

TEST(ZeekRecord, NumberOfFieldsAndDepthAreCapped) {
    std::string many = R"({"ts":1,"list":[0)";
    for (int i = 0; i < 5000; ++i) many += ",1";
    const auto wide = read("weird", many + "]}");
    EXPECT_EQ(wide.event.size(), 512u + 1u);  // and zeek.stream
    std::string deep, path;
    for (int i = 0; i < 17; ++i) deep += R"({"a":)", path += "a.";
    const auto buried =
        read("weird", R"({"ts":1,"deep":)" + deep + "1" + std::string(17, '}') + "}");
    EXPECT_TRUE(buried.is_record);
    EXPECT_EQ(to_json(buried.event).find("deep.a"), std::string::npos);
}

TEST(ZeekRecord, KeysWithoutValuesAreCappedAndWhatFollowsIsCounted) {
    std::string many = R"({"ts":1,"uid":"C1")";
    for (int i = 0; i < 3000; ++i) many += ",\"k" + std::to_string(i) + "\":{}";
    Event event;
    RecordReader reader;
    EXPECT_TRUE(reader.read(many + R"(,"late":1,"later":2})", "conn", event));
    EXPECT_EQ(reader.left_out(), 2u);
    EXPECT_EQ(to_json(event).find("late"), std::string::npos);
    EXPECT_TRUE(reader.read(R"({"ts":1,"late":1})", "conn", event));
    EXPECT_EQ(reader.left_out(), 0u);
}

TEST(ZeekRecord, SecretsLeaveTheRecordItself) {
    constexpr std::string_view kRecord = R"({"user":"a","password":"x","l":[{"PASSWORD":["x"]}]})";
    EXPECT_EQ(without_secrets(kRecord), R"({"user":"a","l":[{}]})");
    Event event;
    RecordReader reader;
    EXPECT_TRUE(reader.read(kRecord, "ftp", event));
    EXPECT_TRUE(reader.held_secret());
    EXPECT_EQ(to_json(event).find("\"x\""), std::string::npos);
    EXPECT_TRUE(reader.read(R"({"l":[{"password":{"in":"x"}}],"user":"b"})", "ftp", event));
    EXPECT_TRUE(reader.held_secret());
    EXPECT_TRUE(reader.read(R"({"user":"b"})", "ftp", event));
    EXPECT_FALSE(reader.held_secret());
}

TEST(ZeekStream, NamesAreTheLogs) {
    const auto expect = [](std::string_view stream, std::string_view name) {
        EXPECT_EQ(stream_name(stream), name);
    };
    expect("Conn::LOG", "conn");
    expect("CaptureLoss::LOG", "capture_loss");
    expect("Known::SERVICES_LOG", "known_services");
    expect("SMB::FILES_LOG", "smb_files");
    expect("DCE_RPC::LOG", "dce_rpc");
    expect("X509::LOG", "x509");
    expect("KRB::LOG", "kerberos");
    expect("PacketFilter::LOG", "packet_filter");
    expect("mysql::LOG", "mysql");
    expect("smb_files", "smb_files");
    EXPECT_EQ(stream_name(std::string(1000, 'A')).size(), 64u);
    EXPECT_EQ(stream_called("smb_files").service, "smb_files");
}

}  // namespace
}  // namespace kentongan::zeek
