#include <gtest/gtest.h>

#include "collectors/packet/community_id.hpp"
#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TimedFrame tcp_at(milliseconds after, PacketEnd from, PacketEnd to, const TcpFields& fields) {
    return {kStart + after, tcp_frame(from, to, fields)};
}

Tuple tuple_of(std::uint8_t protocol, std::string_view source, std::uint16_t source_port,
               std::string_view destination, std::uint16_t destination_port, bool one_way = false) {
    return {IpAddress::parse(source).value(),
            IpAddress::parse(destination).value(),
            source_port,
            destination_port,
            protocol,
            one_way};
}

// Vectors of the reference implementation, corelight/pycommunityid.
TEST(CommunityIdV1, AgreesWithTheReferenceInBothDirections) {
    CommunityId id;
    EXPECT_EQ(id.of(tuple_of(6, "128.232.110.120", 34855, "66.35.250.204", 80)),
              "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    EXPECT_EQ(id.of(tuple_of(6, "66.35.250.204", 80, "128.232.110.120", 34855)),
              "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    EXPECT_EQ(id.of(tuple_of(6, "10.0.0.1", 10, "10.0.0.2", 11569)),
              "1:SXBGMX1lBOwhhoDrZynfROxnhnM=");
    EXPECT_EQ(id.of(tuple_of(17, "192.168.1.52", 54585, "8.8.8.8", 53)),
              "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
    EXPECT_EQ(id.of(tuple_of(1, "192.168.0.89", 8, "192.168.0.1", 0)),
              "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
    EXPECT_EQ(id.of(tuple_of(1, "192.168.0.89", 20, "192.168.0.1", 1, true)),
              "1:tz/fHIDUHs19NkixVVoOZywde+I=");
    EXPECT_EQ(id.of(tuple_of(58, "fe80::200:86ff:fe05:80da", 135, "fe80::260:97ff:fe07:69ea", 136)),
              "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=");
    EXPECT_EQ(id.of(tuple_of(58, "3ffe:507:0:1:200:86ff:fe05:80da", 3,
                             "3ffe:507:0:1:260:97ff:fe07:69ea", 0, true)),
              "1:/OGBt9BN1ofenrmSPWYicpij2Vc=");
}

TEST(PacketFlows, AWholeConnectionIsToldOnceWithBothDirections) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().client_says("0123456789").server_says("ok").close();
    SensorRun run;
    run.play(talk.frames());
    EXPECT_TRUE(run.sink.events.empty());
    run.until(kStart + seconds{10});
    const auto conns = run.sink.of(EventKind::conn);
    ASSERT_EQ(conns.size(), 1u);
    const Event& conn = conns.front();
    EXPECT_EQ(conn.logsource.category, "network");
    EXPECT_EQ(conn.text(Field::network_state), "SF");
    EXPECT_EQ(conn.ip(Field::source_ip)->to_string(), "192.0.2.10");
    EXPECT_EQ(conn.integer(Field::source_port), 40000);
    EXPECT_EQ(conn.integer(Field::destination_port), 80);
    EXPECT_EQ(conn.text(Field::network_transport), "tcp");
    EXPECT_EQ(conn.text(Field::network_type), "ipv4");
    EXPECT_EQ(conn.integer(Field::source_packets), 5);
    EXPECT_EQ(conn.integer(Field::source_bytes), 5 * 40 + 10);
    EXPECT_EQ(conn.integer(Field::destination_packets), 3);
    EXPECT_EQ(conn.integer(Field::destination_bytes), 3 * 40 + 2);
    EXPECT_EQ(conn.integer(Field::event_duration), 7'000'000);
    EXPECT_EQ(conn.text(Field::event_start), "2024-11-27T06:00:00.000000Z");
    EXPECT_EQ(conn.time, kStart + milliseconds{7} + kClosedTimeout);
    EXPECT_EQ(conn.origin.source, "pcap:test");
    EXPECT_EQ(conn.origin.position, 1u);
}

TEST(PacketFlows, StatesFollowZeek) {
    const auto state = [](std::vector<TimedFrame> frames) {
        return SensorRun{}.play(frames).finish().sink.states();
    };
    const auto syn = tcp_at(milliseconds{0}, kClient, kServer, {.flags = 2, .sequence = 10});
    const auto syn_ack = tcp_at(milliseconds{1}, kServer, kClient,
                                {.flags = 18, .sequence = 50, .acknowledged = 11});
    const auto ack = tcp_at(milliseconds{2}, kClient, kServer,
                            {.flags = 16, .sequence = 11, .acknowledged = 51});
    const auto from = [](std::uint8_t flags, std::uint32_t sequence) {
        return tcp_at(milliseconds{3}, kClient, kServer,
                      {.flags = flags, .sequence = sequence, .acknowledged = 51});
    };
    const auto to = [](std::uint8_t flags, std::uint32_t sequence) {
        return tcp_at(milliseconds{4}, kServer, kClient,
                      {.flags = flags, .sequence = sequence, .acknowledged = 11});
    };
    EXPECT_EQ(state({syn}), "S0");
    EXPECT_EQ(state({syn, syn_ack, ack}), "S1");
    EXPECT_EQ(state({syn, to(4 | 16, 0)}), "REJ");
    EXPECT_EQ(state({syn, from(4, 11)}), "RSTOS0");
    EXPECT_EQ(state({syn, from(1, 11)}), "SH");
    EXPECT_EQ(state({syn, syn_ack, ack, from(17, 11)}), "S2");
    EXPECT_EQ(state({syn, syn_ack, ack, to(17, 51)}), "S3");
    EXPECT_EQ(state({syn, syn_ack, ack, from(17, 11), to(17, 51)}), "SF");
    EXPECT_EQ(state({syn, syn_ack, ack, from(4, 11)}), "RSTO");
    EXPECT_EQ(state({syn, syn_ack, ack, to(4, 51)}), "RSTR");
    EXPECT_EQ(state({syn_ack, to(4, 51)}), "RSTRH");
    EXPECT_EQ(state({syn_ack, to(17, 51)}), "SHR");
    EXPECT_EQ(state({ack}), "OTH");
}

TEST(PacketFlows, TheOriginatorIsWhoConnectsWhateverIsSeenFirst) {
    SensorRun run;
    run.play({tcp_at({}, kServer, kClient, {.flags = 18, .sequence = 50, .acknowledged = 11})});
    run.finish();
    EXPECT_EQ(run.sink.events.at(0).integer(Field::source_port), 40000);
}

TEST(PacketFlows, AForgedResetFarFromTheStreamIsNotBelieved) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().client_says("abc");
    SensorRun run;
    run.play(talk.frames());
    run.play({tcp_at(milliseconds{10}, kServer, kClient, {.flags = 4, .sequence = 2'000'000'000})});
    run.finish();
    EXPECT_EQ(run.sink.states(), "S1");
}

TEST(PacketFlows, DatagramsAreOneFlowUntilTheyPauseForAMinute) {
    const auto ask = udp_frame(kClient, kServer, "q");
    const auto answer = udp_frame(kServer, kClient, "a");
    SensorRun run;
    run.play({{kStart, ask}, {kStart + seconds{59}, answer}, {kStart + seconds{200}, ask}});
    EXPECT_EQ(run.sink.states(), "SF");
    EXPECT_EQ(run.sink.events[0].time, kStart + seconds{59} + kDatagramTimeout);
    run.finish();
    EXPECT_EQ(run.sink.states(), "SF S0");
}

TEST(PacketFlows, PingAndItsAnswerAreOneFlow) {
    SensorRun run;
    run.play({{kStart, icmp_frame(kClient, kServer, 8, 0, "x")},
              {kStart, icmp_frame(kServer, kClient, 0, 0, "x")}});
    run.finish();
    ASSERT_EQ(run.sink.states(), "OTH");
    EXPECT_EQ(run.sink.events[0].integer(Field::destination_packets), 1);
    EXPECT_EQ(run.sink.events[0].text(Field::network_transport), "icmp");
}

TEST(PacketFlows, APortUsedAgainIsANewConnection) {
    TcpConversation first(kClient, kServer, kStart);
    first.handshake().close();
    TcpConversation second(kClient, kServer, kStart + milliseconds{500}, 500000, 700000);
    second.handshake();
    SensorRun run;
    run.play(first.frames()).play(second.frames()).finish();
    EXPECT_EQ(run.sink.states(), "SF S1");
}

TEST(PacketFlows, TheTableKeepsToItsCapAndCountsWhoHadToGo) {
    Options options;
    options.maximum_flows = 4;
    SensorRun run(options);
    for (std::uint16_t port = 1; port <= 10; ++port) {
        run.play({tcp_at(milliseconds{port}, {"192.0.2.1", port}, kServer, {.flags = 2})});
        EXPECT_LE(run.sensor.flows(), 4u);
    }
    EXPECT_EQ(run.sensor.counts().flows_evicted, 6u);
    EXPECT_EQ(run.sink.of(EventKind::conn).size(), 6u);
    EXPECT_EQ(run.sink.events.front().integer(Field::source_port), 1);
    EXPECT_TRUE(run.sink.attempts().empty());  // what became of them is not known
}

TEST(PacketFlows, AFloodOfUnansweredSynsDoesNotPushOutARealConnection) {
    Options options;
    options.maximum_flows = 8;
    SensorRun run(options);
    TcpConversation talk(kClient, kServer, kStart);
    run.play(talk.handshake().frames());
    for (std::uint16_t port = 1; port <= 100; ++port)
        run.play({tcp_at(milliseconds{100 + port}, {"192.0.2.1", port}, kServer, {.flags = 2})});
    for (const Event& conn : run.sink.of(EventKind::conn))
        EXPECT_EQ(conn.text(Field::network_state), "S0");
    EXPECT_EQ(run.sink.of(EventKind::conn).size(), 93u);
}

TEST(PacketFlows, UndecodablePacketsAreCountedByLayerAndDoNotStopAnything) {
    SensorRun run;
    std::string broken = udp_frame(kClient, kServer, "q");
    broken[14] = 0x42;
    run.play({{kStart, broken}, {kStart, "tiny"}, {kStart, udp_frame(kClient, kServer, "q")}});
    run.finish();
    EXPECT_EQ(run.sensor.counts().faults[static_cast<std::size_t>(Fault::ipv4)], 1u);
    EXPECT_EQ(run.sensor.counts().faults[static_cast<std::size_t>(Fault::link)], 1u);
    EXPECT_EQ(run.sensor.counts().packets, 3u);
    EXPECT_EQ(run.sink.states(), "S0");
}

TEST(PacketFlows, TheHistoryAndWhoSpokeFirstAreTold) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().server_says("220 hello").client_says("HELO").close();
    SensorRun run;
    run.play(talk.frames()).finish();
    const auto conns = run.sink.of(EventKind::conn);
    ASSERT_EQ(conns.size(), 1u);
    EXPECT_EQ(conns[0].text(Field::network_history), "ShAdDFf");
    EXPECT_EQ(conns[0].text(Field::network_first_data), "responder");
    EXPECT_FALSE(conns[0].has(Field::event_action));
}

TEST(PacketFlows, AConnectionThatLastsIsToldAgainAndAgain) {
    Options options;
    options.long_flow_seconds = 60;
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake();
    for (int i = 0; i < 13; ++i) talk.wait(std::chrono::seconds{10}).client_says("tick");
    SensorRun run(options);
    run.play(talk.frames()).finish();
    const auto conns = run.sink.of(EventKind::conn);
    ASSERT_EQ(conns.size(), 3u);
    EXPECT_EQ(conns[0].text(Field::event_action), "ongoing");
    EXPECT_EQ(conns[0].integer(Field::source_packets), 8);
    EXPECT_EQ(conns[1].text(Field::event_action), "ongoing");
    EXPECT_FALSE(conns[2].has(Field::event_action));
    EXPECT_EQ(conns[2].integer(Field::source_packets), 15);
}

TEST(PacketFlows, ATunnelledConnectionIsToldWithItsTunnel) {
    TcpConversation talk(kClient, kServer, kStart);
    talk.handshake().close();
    auto frames = talk.frames();
    for (TimedFrame& frame : frames)
        frame.bytes = ethernet_frame(
            ip_packet({"203.0.113.1", 0}, {"203.0.113.2", 0}, 4, ip_packet_of(frame.bytes)), 9);
    SensorRun run;
    run.play(frames).finish();
    const auto conns = run.sink.of(EventKind::conn);
    ASSERT_EQ(conns.size(), 1u);
    EXPECT_EQ(conns[0].text(Field::network_tunnel), "ipip");
    EXPECT_EQ(conns[0].integer(Field::network_vlan_id), 9);
    EXPECT_EQ(conns[0].text(Field::network_state), "SF");
}

TEST(PacketFlows, TwoTenantsWithTheSameAddressesAreTwoConnections) {
    const auto in_network = [](char vni) {
        TcpConversation talk(kClient, kServer, kStart);
        talk.handshake().close();
        auto frames = talk.frames();
        const std::string header{'\x08', 0, 0, 0, 0, 0, vni, 0};
        for (TimedFrame& frame : frames)
            frame.bytes =
                udp_frame({"203.0.113.1", 5000}, {"203.0.113.2", 4789}, header + frame.bytes);
        return frames;
    };
    const auto one = in_network(1);
    const auto other = in_network(2);
    std::vector<TimedFrame> both;
    for (std::size_t i = 0; i < one.size(); ++i) {
        both.push_back(one[i]);
        both.push_back(other[i]);
    }
    SensorRun run;
    run.play(both).finish();
    EXPECT_EQ(run.sink.states(), "SF SF");
}

TEST(PacketFlows, AConnectionSaysWhatProtocolItWasOfOnWhateverPort) {
    TcpConversation talk({"192.0.2.10", 40000}, {"198.51.100.5", 8022}, kStart);
    talk.handshake().server_says("SSH-2.0-a\r\n").client_says("SSH-2.0-b\r\n").close();
    SensorRun run;
    run.play(talk.frames()).finish();
    const auto conns = run.sink.of(EventKind::conn);
    ASSERT_EQ(conns.size(), 1u);
    EXPECT_EQ(conns[0].text(Field::network_protocol), "ssh");
    EXPECT_EQ(conns[0].integer(Field::destination_port), 8022);
}

}  // namespace
}  // namespace kentongan::packet
