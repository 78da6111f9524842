#include "daemon/detect/anomaly/protocol_port_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::hours;
const Timestamp kStart = *parse_rfc3339("2024-11-25T00:00:00Z");

class ProtocolPortTest : public testing::Test {
  protected:
    EventBuilder spoken(EventKind kind, std::string_view protocol, std::string_view from,
                        std::string_view to, int port) {
        EventBuilder out = an_event();
        out.of(kind)
            .at(now_)
            .in("eth0", ++position_)
            .with(Field::network_protocol, protocol)
            .with(Field::source_ip, IpAddress::parse(from).value())
            .with(Field::destination_ip, IpAddress::parse(to).value())
            .with(Field::destination_port, port);
        return out;
    }
    void see(const Event& event) {
        detector_.advance(now_, findings_);
        if (detector_.picks(event)) detector_.inspect(event, findings_);
    }
    void tls(std::string_view to, int port, std::string_view version = "1.3") {
        see(spoken(EventKind::tls, "tls", "203.0.113.9", to, port)
                .with(Field::tls_version, version)
                .build());
    }
    ProtocolPortDetector detector_{AnomalyOptions{}};
    RecordingFindings findings_;
    Timestamp now_ = kStart;
    std::uint64_t position_ = 0;
};

TEST_F(ProtocolPortTest, AProtocolOnAnothersPortIsToldOnce) {
    for (int i = 0; i < 3; ++i)
        see(spoken(EventKind::ssh, "ssh", "10.20.0.5", "203.0.113.9", 443).build());
    ASSERT_EQ(findings_.all.size(), 1u);
    EXPECT_EQ(findings_.all[0].rule->id, "anomaly:protocol-port");
    EXPECT_EQ(findings_.all[0].entity, "ssh 203.0.113.9:443");
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("a port of TLS"));
}

TEST_F(ProtocolPortTest, PlainHttpOn443CountsWhenTheServerServesIt) {
    const auto ask = [&](int status) {
        see(spoken(EventKind::web, "http", "203.0.113.9", "10.20.0.5", 443)
                .with(Field::http_response_status_code, status)
                .build());
    };
    ask(400);
    EXPECT_TRUE(findings_.all.empty());
    ask(200);
    EXPECT_EQ(findings_.all.size(), 1u);
}

TEST_F(ProtocolPortTest, ProtocolsAtHomeStarttlsAndUnansweredOnesAreSilent) {
    tls("10.20.0.5", 443);
    tls("10.20.0.5", 587);
    tls("10.20.0.5", 5432);
    tls("10.20.0.5", 53, "");  // no server hello
    see(spoken(EventKind::dns, "dns", "10.20.0.5", "10.20.0.53", 53).build());
    see(spoken(EventKind::dns, "dns", "10.20.0.5", "224.0.0.251", 5353)
            .with(Field::dns_response_code, "NOERROR")
            .build());
    see(spoken(EventKind::web, "http", "10.20.0.5", "203.0.113.9", 8080)
            .with(Field::http_response_status_code, 200)
            .build());
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(ProtocolPortTest, AnOddPortOfAServerOfOursIsToldOnceADayWasLearnt) {
    tls("10.20.0.5", 10443);  // as long as anybody knows
    now_ += hours{25};
    tls("10.20.0.5", 10443);
    tls("203.0.113.77", 10443);  // outside: everybody does
    EXPECT_TRUE(findings_.all.empty());
    tls("10.20.0.5", 31337);
    ASSERT_EQ(findings_.all.size(), 1u);
    EXPECT_EQ(findings_.all[0].entity, "tls 10.20.0.5:31337");
}

TEST_F(ProtocolPortTest, WhatWasSpokenIsKeptOverARestart) {
    tls("10.20.0.5", 10443);
    now_ += hours{25};
    detector_.advance(now_, findings_);
    const auto state = detector_.checkpoint();
    ASSERT_TRUE(state);
    detector_ = ProtocolPortDetector{AnomalyOptions{}};
    ASSERT_TRUE(detector_.restore(*state));
    tls("10.20.0.5", 10443);
    EXPECT_TRUE(findings_.all.empty());
    tls("10.20.0.5", 31337);
    EXPECT_EQ(findings_.all.size(), 1u);
}

TEST_F(ProtocolPortTest, InventedServersAreBoundedAndCounted) {
    AnomalyOptions options;
    options.table_entries = 100;
    detector_ = ProtocolPortDetector{options};
    for (int port = 20000; port < 21000; ++port) tls("10.20.0.5", port);
    EXPECT_EQ(detector_.entries(), 100u);
    EXPECT_EQ(detector_.evicted(), 900u);
}

}  // namespace
}  // namespace kentongan::anomaly
