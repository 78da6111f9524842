// Windows of streams for rules on raw bytes: from whole packets through the sensor.
#include <gtest/gtest.h>

#include "collectors/packet/sensor.hpp"
#include "tests/support/packet_builder.hpp"

namespace kentongan::packet {
namespace {

const Timestamp kStart = from_nanoseconds(1'732'687'200'000'000'000);

class WindowSink final : public EventSink {
  public:
    explicit WindowSink(bool wanted = true) : wanted_(wanted) {}
    void emit(const Event& event) override {
        ++kinds[static_cast<std::size_t>(event.kind)];
        if (event.kind == EventKind::payload)
            windows.push_back(std::string(event.text(Field::network_direction)) + " " +
                              event.get(Field::source_ip).to_string() + " " +
                              std::string(event.raw()) + std::string(event.text(Field::file_scan)));
    }
    void emit(TrafficSecond) override {}
    bool wants(EventKind kind) const override { return kind != EventKind::payload || wanted_; }
    Task<> flush(Timestamp, std::optional<Bookmark>) override { co_return; }
    bool offer(Timestamp) override { return true; }

    std::vector<std::string> windows;
    std::array<int, 32> kinds{};

  private:
    bool wanted_;
};

void play(const TcpConversation& talk, WindowSink& sink, std::int64_t stream_bytes = 262144) {
    Options options;
    options.stream_bytes = stream_bytes;
    Sensor sensor{"pcap:test", options, 7};
    for (const TimedFrame& frame : talk.frames())
        sensor.packet({.linktype = 1,
                       .time = frame.time,
                       .bytes = as_bytes(frame.bytes),
                       .wire_bytes = frame.bytes.size()},
                      sink);
    sensor.finish(sink);
}

TcpConversation shell() {
    TcpConversation talk{{"192.0.2.7", 40000}, {"10.0.0.5", 4444}, kStart};
    return talk.handshake()
        .server_says("sh: 0: can't access tty; ")
        .client_says("id\n")
        .server_says("job control turned off\n$ ")
        .close();
}

TEST(StreamWindows, ShowWhatEachEndOfAnUnknownProtocolSays) {
    WindowSink sink;
    play(shell(), sink);
    EXPECT_EQ(sink.windows,
              (std::vector<std::string>{
                  "inbound 192.0.2.7 id\n",
                  "outbound 192.0.2.7 sh: 0: can't access tty; job control turned off\n$ "}));
}

TEST(StreamWindows, AreNotMadeWhenNobodyReadsThem) {
    WindowSink unread{false};
    play(shell(), unread);
    EXPECT_TRUE(unread.windows.empty());
    WindowSink none;
    play(shell(), none, 0);
    EXPECT_TRUE(none.windows.empty());
}

TEST(StreamWindows, SayOnceForEachEndThatMoreCame) {
    WindowSink sink;
    play(shell(), sink, 10);
    EXPECT_EQ(sink.windows,
              (std::vector<std::string>{"outbound 192.0.2.7 sh: 0: can",
                                        "outbound 192.0.2.7 too_large", "inbound 192.0.2.7 id\n"}));
}

TEST(StreamWindows, ShowAKnownProtocolTooAndChangeNothingOfIt) {
    TcpConversation talk{{"192.0.2.7", 40000}, {"10.0.0.5", 80}, kStart};
    talk.handshake()
        .client_says("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        .server_says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        .close();
    WindowSink with;
    play(talk, with);
    ASSERT_EQ(with.windows.size(), 2u);
    EXPECT_EQ(with.windows[0], "inbound 192.0.2.7 GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    WindowSink without;
    play(talk, without, 0);
    EXPECT_EQ(with.kinds[static_cast<std::size_t>(EventKind::web)], 1);
    EXPECT_EQ(without.kinds[static_cast<std::size_t>(EventKind::web)], 1);
}

TEST(StreamWindows, EndWhereBytesAreMissing) {
    TcpConversation talk = shell();
    auto& frames = talk.frames();
    frames.erase(frames.begin() + 3);  // the server's first words
    WindowSink sink;
    play(talk, sink);
    EXPECT_EQ(sink.windows,
              (std::vector<std::string>{"inbound 192.0.2.7 id\n",
                                        "outbound 192.0.2.7 job control turned off\n$ "}));
}

TEST(StreamWindows, EndWhereEncryptionBeginsAndSayThatTheRestIsNotSeen) {
    const auto packet = [](char number) {
        return std::string("\0\0\0\x0c\x0a", 5) + number + std::string(10, '\0');
    };
    TcpConversation talk{{"192.0.2.7", 40000}, {"10.0.0.5", 22}, kStart};
    talk.handshake()
        .server_says("SSH-2.0-server\r\n")
        .client_says("SSH-2.0-client\r\n")
        .server_says(packet(21))
        .client_says(packet(21))
        .client_says("no longer in the clear")
        .server_says("nor this")
        .close();
    WindowSink sink;
    play(talk, sink);
    ASSERT_EQ(sink.windows.size(), 3u);
    EXPECT_EQ(sink.windows[0], "inbound 192.0.2.7 SSH-2.0-client\r\n" + packet(21));
    EXPECT_EQ(sink.windows[1], "outbound 192.0.2.7 SSH-2.0-server\r\n" + packet(21));
    EXPECT_EQ(sink.windows[2], " 192.0.2.7 encrypted");
    EXPECT_EQ(sink.kinds[static_cast<std::size_t>(EventKind::ssh)], 1) << "still read to its end";
}

}  // namespace
}  // namespace kentongan::packet
