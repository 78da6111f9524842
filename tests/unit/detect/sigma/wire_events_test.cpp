// Rules in the style of SigmaHQ's for DNS, proxies, web servers and Zeek's logs, on events that the
// packet sensor makes from whole packets; KENTONGAN_SIGMAHQ names a checkout of the rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "collectors/packet/sensor.hpp"
#include "daemon/detect/sigma/sigma_detector.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/packet_builder.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::UnorderedElementsAre;

const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

constexpr std::string_view kRules = R"(title: Travel To A Web Server
id: 00000000-0000-4000-8000-000000000001
logsource: {category: webserver}
detection:
  selection: {cs-method: GET, cs-uri-query|contains: '../../', sc-status: 200}
  condition: selection
level: high
---
title: Odd Agent Through A Proxy
id: 00000000-0000-4000-8000-000000000002
logsource: {category: proxy}
detection:
  selection: {c-useragent|startswith: 'Empire', cs-host|endswith: '.example', c-uri-extension: exe}
  condition: selection
level: high
---
title: Name Of A Tunnel
id: 00000000-0000-4000-8000-000000000003
logsource: {category: dns}
detection:
  selection: {query|endswith: '.tunnel.example', record_type: TXT}
  condition: selection
level: high
---
title: Zeek Question
id: 00000000-0000-4000-8000-000000000004
logsource: {product: zeek, service: dns}
detection:
  selection: {query|contains: tunnel, qtype_name: TXT, id.resp_p: 53}
  condition: selection
level: high
---
title: Zeek Request
id: 00000000-0000-4000-8000-000000000005
logsource: {product: zeek, service: http}
detection:
  selection: {method: GET, user_agent|contains: Empire, host|endswith: example, status_code: 200,
    resp_mime_types|contains: octet}
  condition: selection
level: high
---
title: Connection To An Odd Port
id: 00000000-0000-4000-8000-000000000006
logsource: {category: network, service: connection}
detection:
  selection: {network.protocol: http, network.state: SF}
  usual: {destination.port: [80, 8080]}
  condition: selection and not usual
level: high
---
title: Refused Login
id: 00000000-0000-4000-8000-000000000007
logsource: {category: authentication}
detection:
  selection: {event.outcome: failure, user.name: admin}
  condition: selection
level: high
---
title: Zeek Connection
id: 00000000-0000-4000-8000-000000000008
logsource: {product: zeek, service: conn}
detection:
  selection: {id.orig_h|cidr: 10.0.0.0/8, id.resp_p: 8443, proto: tcp, service: http,
    conn_state: SF, history|contains: Dd, duration|lt: 60, orig_pkts|gt: 2, resp_ip_bytes|gt: 100}
  condition: selection
level: high
---
title: Network Connection
id: 00000000-0000-4000-8000-000000000009
logsource: {category: network_connection}
detection:
  selection: {DestinationIp: 203.0.113.9, DestinationPort: 8443, SourceIp|startswith: '10.'}
  condition: selection
level: high
---
title: Connection Of A Windows Program
id: 00000000-0000-4000-8000-000000000010
logsource: {category: network_connection, product: windows}
detection:
  selection: {DestinationPort: 8443}
  condition: selection
level: high
---
title: Long Connection
id: 00000000-0000-4000-8000-000000000011
logsource: {product: zeek, service: conn}
detection:
  selection: {duration|gte: 3600}
  condition: selection
level: high
---
title: Zeek Name Of A Server
id: 00000000-0000-4000-8000-000000000012
logsource: {product: zeek, service: ssl}
detection:
  selection: {server_name|endswith: '.example', id.resp_p: 443, established: false}
  condition: selection
level: high
---
title: Zeek Connection Of TLS
id: 00000000-0000-4000-8000-000000000013
logsource: {product: zeek, service: conn}
detection:
  selection: {service: ssl}
  condition: selection
level: high
---
title: Zeek File
id: 00000000-0000-4000-8000-000000000014
logsource: {product: zeek, service: files}
detection:
  selection: {mime_type|endswith: dosexec, source: HTTP, seen_bytes: 2, tx_hosts: 203.0.113.9}
  condition: selection
level: high
---
title: Log Of An FTP Server
id: 00000000-0000-4000-8000-000000000015
logsource: {product: linux, service: vsftpd}
detection:
  selection: {event.outcome: failure}
  condition: selection
level: high
)";

class RuleSink final : public EventSink {
  public:
    explicit RuleSink(std::shared_ptr<const sigma::Ruleset> rules) : detector(std::move(rules)) {}
    void emit(const Event& event) override {
        if (detector.wants(event.kind)) detector.inspect(event, findings);
    }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp, std::optional<Bookmark>) override { co_return; }
    bool offer(Timestamp) override { return true; }

    SigmaDetector detector;
    RecordingFindings findings;
};

std::vector<TimedFrame> frames_of(TcpConversation talk) { return talk.close().frames(); }

std::vector<TimedFrame> fetch(PacketEnd client, PacketEnd server, std::string_view target,
                              std::string_view agent) {
    TcpConversation talk(client, server, kStart);
    talk.handshake()
        .client_says("GET " + std::string(target) +
                     " HTTP/1.1\r\nHost: bad.example\r\nUser-Agent: " + std::string(agent) +
                     "\r\n\r\n")
        .server_says(
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
            "Content-Length: 2\r\n\r\nMZ");
    return frames_of(talk);
}

std::vector<TimedFrame> ask(std::string_view labels) {
    std::string query("\x12\x34\x01\0\0\1\0\0\0\0\0\0", 12);
    query += labels;
    query += std::string("\0\0\x10\0\1", 5);
    return {{kStart, udp_frame({"10.0.0.7", 40001}, {"9.9.9.9", 53}, query), 0}};
}

std::vector<TimedFrame> refused_login() {
    TcpConversation talk({"192.0.2.9", 40002}, {"10.0.0.5", 21}, kStart);
    talk.handshake()
        .server_says("220 ready\r\n")
        .client_says("USER admin\r\n")
        .server_says("331 password\r\n")
        .client_says("PASS x\r\n")
        .server_says("530 no\r\n");
    return frames_of(talk);
}

/// The rules that match, each once.
std::vector<std::string> matched(const std::shared_ptr<const sigma::Ruleset>& rules,
                                 const std::vector<TimedFrame>& frames) {
    RuleSink sink(rules);
    packet::Sensor sensor("eth0", {}, 1);
    for (const TimedFrame& frame : frames)
        sensor.packet({1, frame.time, as_bytes(frame.bytes), frame.bytes.size()}, sink);
    sensor.finish(sink);
    std::vector<std::string> out;
    for (const Finding& finding : sink.findings.all)
        if (std::ranges::find(out, finding.rule->name) == out.end())
            out.push_back(finding.rule->name);
    return out;
}

class SigmaOnTheWire : public testing::Test {
  protected:
    std::vector<std::string> matched(const std::vector<TimedFrame>& frames) {
        return kentongan::matched(rules_, frames);
    }
    static std::shared_ptr<const sigma::Ruleset> own() {
        std::vector<RuleStatus> statuses;
        auto out = std::make_shared<const sigma::Ruleset>(
            sigma::Ruleset::load_text(kRules, "wire.yml", statuses));
        for (const RuleStatus& status : statuses)
            EXPECT_EQ(status.state, RuleStatus::State::ok) << status.reason;
        return out;
    }
    std::shared_ptr<const sigma::Ruleset> rules_ = own();
};

TEST_F(SigmaOnTheWire, ARequestToAServerOfOursIsOneOfAWebServer) {
    EXPECT_THAT(
        matched(fetch({"203.0.113.9", 40000}, {"10.0.0.5", 80}, "/a?f=../../etc/passwd", "curl")),
        UnorderedElementsAre("Travel To A Web Server"));
}

TEST_F(SigmaOnTheWire, ARequestThatLeavesIsOneOfAProxyAndOfZeek) {
    EXPECT_THAT(
        matched(fetch({"10.0.0.7", 40000}, {"203.0.113.9", 8443}, "/stage.exe", "Empire/1")),
        UnorderedElementsAre("Odd Agent Through A Proxy", "Zeek Request", "Zeek File",
                             "Connection To An Odd Port", "Zeek Connection", "Network Connection"));
}

TEST_F(SigmaOnTheWire, AConnectionThatLastsIsToldToZeeksRulesOnceAtItsEnd) {
    TcpConversation talk({"10.0.0.7", 40003}, {"10.0.0.5", 9999}, kStart);
    talk.handshake();
    for (int i = 0; i < 30; ++i)
        talk.wait(std::chrono::minutes{4}).client_says("x").server_says("y");
    RuleSink sink(rules_);
    packet::Sensor sensor("eth0", {}, 1);
    for (const TimedFrame& frame : frames_of(talk))
        sensor.packet({1, frame.time, as_bytes(frame.bytes), frame.bytes.size()}, sink);
    sensor.finish(sink);
    ASSERT_EQ(sink.findings.all.size(), 1u);
    EXPECT_EQ(sink.findings.all[0].rule->name, "Long Connection");
}

TEST_F(SigmaOnTheWire, AHelloIsOneOfZeeksSslAndItsConnectionOfZeeksConn) {
    std::string name(
        "\0\0\0\x10\0\x0e\0\0\x0b"
        "bad.example",
        20);
    std::string body = std::string("\3\3", 2) + std::string(32, 'r') +
                       std::string("\0\0\2\x13\1\1\0\0\x14", 9) + name;
    std::string hello = std::string("\1\0\0", 3) + static_cast<char>(body.size()) + body;
    std::string record = std::string("\x16\3\1\0", 4) + static_cast<char>(hello.size()) + hello;
    TcpConversation talk({"203.0.113.7", 40004}, {"10.0.0.5", 443}, kStart);
    talk.handshake().client_says(record);
    EXPECT_THAT(matched(frames_of(talk)),
                UnorderedElementsAre("Zeek Name Of A Server", "Zeek Connection Of TLS"));
}

TEST_F(SigmaOnTheWire, AQuestionIsOneOfDnsAndOfZeek) {
    EXPECT_THAT(matched(ask("\3abc\6tunnel\7example")),
                UnorderedElementsAre("Name Of A Tunnel", "Zeek Question"));
}

TEST_F(SigmaOnTheWire, ARefusedLoginIsAuthentication) {
    EXPECT_THAT(matched(refused_login()), UnorderedElementsAre("Refused Login"));
}

TEST_F(SigmaOnTheWire, RulesOfSigmaHqForTheseLogsMatch) {
    const char* checkout = std::getenv("KENTONGAN_SIGMAHQ");
    if (checkout == nullptr) GTEST_SKIP() << "set KENTONGAN_SIGMAHQ to a checkout of SigmaHQ/sigma";
    std::vector<RuleStatus> statuses;
    std::vector<fs::path> folders;
    for (const char* folder : {"rules/web", "rules/network"})
        folders.push_back(fs::path(checkout) / folder);
    rules_ = std::make_shared<const sigma::Ruleset>(sigma::Ruleset::load(folders, statuses));
    ASSERT_GT(rules_->size(), 100u);
    EXPECT_THAT(matched(fetch({"203.0.113.9", 40000}, {"10.0.0.5", 80},
                              "/a?f=../../../../../etc/passwd", "curl")),
                Contains("Path Traversal Exploitation Attempts"));
    EXPECT_THAT(matched(fetch({"10.0.0.7", 40000}, {"203.0.113.9", 80}, "/x", "webclient")),
                Contains("APT User Agent"));
    EXPECT_THAT(matched(ask("\3api\10telegram\3org")), Contains("Telegram Bot API Request"));
}

}  // namespace
}  // namespace kentongan
