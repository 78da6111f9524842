// Connections that keep a server waiting, from their packets (D05).
#include "collectors/packet/held_connections.hpp"

#include <gtest/gtest.h>

#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

using std::chrono::seconds;

class HeldConnectionsTest : public testing::Test {
  protected:
    static TcpConversation opened(std::uint16_t port = 40000) {
        TcpConversation out({"192.0.2.10", port}, kServer, kStart);
        out.handshake();
        return out;
    }
    /// Counts of all that was told of the second.
    TrafficSecond::Held told_at(int second) const {
        TrafficSecond::Held out;
        for (const TrafficSecond& each : run_.sink.seconds)
            if (each.second == kStart + seconds{second})
                for (const auto& held : each.held) {
                    out.dribbling += held.dribbling;
                    out.silent += held.silent;
                    out.source = held.source;
                }
        return out;
    }
    std::uint64_t told() const {
        std::uint64_t out = 0;
        for (const TrafficSecond& each : run_.sink.seconds)
            for (const auto& held : each.held) out += held.dribbling + held.silent;
        return out;
    }
    SensorRun run_;
};

TEST_F(HeldConnectionsTest, AHeaderThatNeverEndsIsToldWhileTheConnectionIsOpen) {
    TcpConversation slow = opened();
    slow.client_says("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 6; ++i) slow.wait(seconds{9}).client_says("X-a: b\r\n");
    run_.play(slow.frames()).until(kStart + seconds{51});
    EXPECT_EQ(told_at(20).dribbling, 0u);
    EXPECT_EQ(told_at(30).dribbling, 1u);
    EXPECT_EQ(told_at(40).dribbling, 1u);
    EXPECT_EQ(told_at(40).source, IpAddress::parse("192.0.2.10").value());
    EXPECT_EQ(told_at(35).dribbling, 0u);  // once in ten seconds
}

TEST_F(HeldConnectionsTest, AConnectionOnWhichNothingIsSaidIsSilent) {
    run_.play(opened().frames()).until(kStart + seconds{21});
    EXPECT_EQ(told_at(10).silent, 1u);
    EXPECT_EQ(told_at(20).silent, 1u);
    EXPECT_EQ(told_at(10).dribbling, 0u);
}

TEST_F(HeldConnectionsTest, AClientThatWaitsForASlowAnswerIsNotTold) {
    TcpConversation waits = opened();
    waits.client_says("GET /slow HTTP/1.1\r\n\r\n").wait(seconds{60}).server_says("HTTP/1.1 200");
    run_.play(waits.frames()).until(kStart + seconds{90});
    EXPECT_EQ(told(), 0u);
}

TEST_F(HeldConnectionsTest, ASlowUploadAndASocketThatIsAnsweredAreNotTold) {
    TcpConversation upload = opened(40001);
    for (int i = 0; i < 20; ++i) upload.wait(seconds{2}).client_says(std::string(400, 'x'));
    run_.play(upload.frames());
    EXPECT_EQ(told(), 0u);
    SensorRun other;
    TcpConversation socket = opened(40002);
    socket.client_says("GET /ws HTTP/1.1\r\n\r\n").server_says("HTTP/1.1 101");
    for (int i = 0; i < 20; ++i) socket.wait(seconds{5}).client_says("ping").server_says("pong");
    other.play(socket.frames());
    for (const TrafficSecond& each : other.sink.seconds) EXPECT_TRUE(each.held.empty());
}

TEST_F(HeldConnectionsTest, AConnectionThatEndedOrWasForgottenIsNotToldAgain) {
    TcpConversation closed = opened();
    closed.wait(seconds{12}).client_closes();
    run_.play(closed.frames()).until(kStart + seconds{40});
    EXPECT_EQ(told(), 1u);
    SensorRun idle;
    idle.play(opened().frames());
    for (int i = 0; i < 600; i += 5) idle.until(kStart + seconds{i});
    std::uint64_t count = 0;
    for (const TrafficSecond& each : idle.sink.seconds) count += each.held.size();
    EXPECT_LE(count, 30u);  // it times out after 300 s
}

TEST_F(HeldConnectionsTest, WhatIsToldDoesNotDependOnOtherPacketsOfTheLane) {
    TcpConversation slow = opened();
    for (int i = 0; i < 8; ++i) slow.wait(seconds{9}).client_says("X-a: b\r\n");
    SensorRun busy;
    for (const TimedFrame& frame : slow.frames()) busy.until(frame.time).play({frame});
    for (int i = 0; i < 90; ++i) busy.until(kStart + seconds{i});
    run_.play(slow.frames()).until(kStart + seconds{89});
    const auto list = [](const SensorRun& run) {
        std::string out;
        for (const TrafficSecond& each : run.sink.seconds)
            for (const auto& held : each.held)
                out += fmt::format("{} {} {} ", (each.second - kStart) / seconds{1}, held.dribbling,
                                   held.silent);
        return out;
    };
    EXPECT_NE(list(run_), "");
    EXPECT_EQ(list(run_), list(busy));
}

TEST_F(HeldConnectionsTest, ManyAreBoundedAndTheRestIsCounted) {
    FlowTable flows(16, 1);
    Decoded syn;
    syn.tuple = {IpAddress::parse("192.0.2.1").value(),
                 IpAddress::parse("198.51.100.5").value(),
                 1,
                 80,
                 protocol::kTcp,
                 false};
    const auto index = flows.insert(syn.tuple, flows.find(syn.tuple), kStart);
    flows[index].first_packet = 1;
    HeldConnections held("test");
    for (std::size_t i = 0; i < HeldConnections::kWatched + 10; ++i)
        held.watch(index, flows[index], kStart);
    EXPECT_EQ(held.watched(), HeldConnections::kWatched);
    RecordingSink sink;
    held.tell_before(kStart + seconds{11}, flows, sink);
    ASSERT_EQ(sink.seconds.size(), 1u);
    EXPECT_EQ(sink.seconds[0].left_out, 10u);
}

}  // namespace
}  // namespace kentongan::packet
