#include "collectors/packet/http/stream_table.hpp"

#include <gtest/gtest.h>

#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

/// One connection played frame by frame into a stream table.
struct Talk {
    explicit Talk(std::uint16_t port) : conversation({"192.0.2.1", port}, kServer, kStart) {
        conversation.handshake();
    }
    void play(StreamTable& streams, std::vector<StreamTable::Done>& done) {
        for (; played < conversation.frames().size(); ++played) {
            const Decoded packet = decode(1, as_bytes(conversation.frames()[played].bytes));
            if (played == 0) begin_flow(flow, packet);
            const bool forward = packet.tuple.source_port == flow.tuple.source_port;
            observe(flow, packet, forward);
            if (packet.payload_bytes > 0) streams.segment(flow, packet, forward, played + 1, done);
        }
    }

    TcpConversation conversation;
    Flow flow;
    std::size_t played = 0;
};

constexpr std::string_view kAsk = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

TEST(PacketStreams, AQuietStreamMakesRoomAndItsNextRequestIsStillRead) {
    StreamTable streams(64, {.streams = 1});
    std::vector<StreamTable::Done> done;
    Talk first(1);
    first.conversation.client_says(kAsk).server_says(kAnswer);
    first.play(streams, done);
    Talk second(2);
    second.conversation.client_says(kAsk);
    second.play(streams, done);
    EXPECT_EQ(streams.size(), 1u);
    EXPECT_EQ(first.flow.stream, nullptr);
    EXPECT_EQ(done.size(), 1u);
    first.conversation.client_says(kAsk).server_says(kAnswer);
    first.play(streams, done);  // pushes out the second, whose request is told as it stands
    ASSERT_EQ(done.size(), 3u);
    EXPECT_FALSE(done[1].exchange.status);
    EXPECT_EQ(done[2].exchange.status, 200);
    EXPECT_EQ(second.flow.stream_fate, StreamFate::given_up);
    EXPECT_EQ(streams.take_counts().streams_given_up, 1u);
}

TEST(PacketStreams, MemoryIsBoundedAndReturned) {
    StreamTable streams(1 << 20, {.held_bytes = 4096});
    std::vector<StreamTable::Done> done;
    Talk talk(1);
    talk.conversation.client_says("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999\r\n\r\n");
    talk.play(streams, done);
    EXPECT_GT(streams.held_bytes(), 0u);
    for (int i = 0; i < 10; ++i) talk.conversation.client_says(std::string(1000, 'x'));
    talk.play(streams, done);
    EXPECT_EQ(streams.held_bytes(), 0u);
    EXPECT_EQ(streams.size(), 0u);
    ASSERT_EQ(done.size(), 1u);
    EXPECT_GT(done[0].exchange.body_bytes, 3000);
    EXPECT_GE(streams.take_counts().gap_bytes, 5000u);
}

}  // namespace
}  // namespace kentongan::packet
