#include "collectors/packet/stream/stream_table.hpp"

#include <gtest/gtest.h>

#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

/// One connection played frame by frame into a stream table.
struct Talk {
    explicit Talk(std::uint16_t port) : conversation({"192.0.2.1", port}, kServer, kStart) {
        conversation.handshake();
    }
    void play(StreamTable& streams, ProtocolEvents& out) {
        for (; played < conversation.frames().size(); ++played) {
            const Decoded packet = decode(1, as_bytes(conversation.frames()[played].bytes));
            if (played == 0) begin_flow(flow, packet);
            const bool forward = packet.tuple.source_port == flow.tuple.source_port;
            observe(flow, packet, forward);
            const Moment at{kStart, played + 1};
            if (packet.payload_bytes > 0) streams.segment(flow, packet, forward, at, out);
        }
    }

    TcpConversation conversation;
    Flow flow;
    std::size_t played = 0;
};

constexpr std::string_view kAsk = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// Where the events of a stream table go.
struct Told {
    Told() { events.into(sink); }
    [[nodiscard]] std::vector<Event> web() const { return sink.of(EventKind::web); }

    RecordingSink sink;
    EventWriter writer{"pcap:test"};
    ProtocolEvents events{writer};
};

TEST(PacketStreams, AQuietStreamMakesRoomAndItsNextRequestIsStillRead) {
    StreamTable streams({.body_bytes = 64}, {.streams = 1});
    Told told;
    Talk first(1);
    first.conversation.client_says(kAsk).server_says(kAnswer);
    first.play(streams, told.events);
    Talk second(2);
    second.conversation.client_says(kAsk);
    second.play(streams, told.events);
    EXPECT_EQ(streams.size(), 1u);
    EXPECT_EQ(first.flow.stream, nullptr);
    EXPECT_EQ(told.web().size(), 1u);
    first.conversation.client_says(kAsk).server_says(kAnswer);
    first.play(streams, told.events);  // pushes out the second, whose request is told as it stands
    ASSERT_EQ(told.web().size(), 3u);
    EXPECT_FALSE(told.web()[1].has(Field::http_response_status_code));
    EXPECT_EQ(told.web()[2].integer(Field::http_response_status_code), 200);
    EXPECT_EQ(second.flow.stream_fate, StreamFate::given_up);
    EXPECT_EQ(streams.take_counts().streams_given_up, 1u);
}

TEST(PacketStreams, MemoryIsBoundedAndReturned) {
    StreamTable streams({.body_bytes = 1 << 20}, {.held_bytes = 4096});
    Told told;
    Talk talk(1);
    talk.conversation.client_says("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999\r\n\r\n");
    talk.play(streams, told.events);
    EXPECT_GT(streams.held_bytes(), 0u);
    for (int i = 0; i < 10; ++i) talk.conversation.client_says(std::string(1000, 'x'));
    talk.play(streams, told.events);
    EXPECT_EQ(streams.held_bytes(), 0u);
    EXPECT_EQ(streams.size(), 0u);
    EXPECT_EQ(told.events.files().open(), 0u);
    ASSERT_EQ(told.web().size(), 1u);
    EXPECT_GT(told.web()[0].integer(Field::http_request_body_bytes), 3000);
    EXPECT_GE(streams.take_counts().gap_bytes, 5000u);
}

TEST(PacketStreams, ASecondValueForTheSameBytesIsAnAnomalyToldOnce) {
    StreamTable streams({.body_bytes = 64}, {});
    Told told;
    Talk talk(1);
    talk.conversation.client_says("GET /harmless HTTP/1.1\r\n");
    auto forged = talk.conversation.frames().back();
    forged.bytes.replace(forged.bytes.find("harmless"), 8, "evildoer");
    auto& frames = talk.conversation.frames();
    frames.insert(frames.end(), {frames.back(), forged, forged});
    talk.conversation.client_says("Host: h\r\n\r\n").server_says(kAnswer);
    talk.play(streams, told.events);
    ASSERT_EQ(told.web().size(), 1u);
    EXPECT_EQ(told.web()[0].text(Field::url_path), "/harmless");
    const auto anomalies = told.sink.of(EventKind::anomaly);
    ASSERT_EQ(anomalies.size(), 1u);
    EXPECT_EQ(anomalies[0].text(Field::network_anomaly), "tcp_overlap_conflict");
    EXPECT_EQ(anomalies[0].ip(Field::source_ip)->to_string(), "192.0.2.1");
}

TEST(PacketStreams, AServerAnswersAClientThatHasClosedItsSide) {
    StreamTable streams({.body_bytes = 64}, {});
    Told told;
    Talk talk(1);
    talk.conversation.client_says(kAsk).client_closes().server_says(kAnswer);
    talk.play(streams, told.events);
    ASSERT_EQ(told.web().size(), 1u);
    EXPECT_EQ(told.web()[0].integer(Field::http_response_status_code), 200);
}

}  // namespace
}  // namespace kentongan::packet
