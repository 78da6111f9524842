#include "collectors/packet/packet_collector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/udp.hpp>
#include <filesystem>
#include <fstream>

#include "collectors/packet/retry.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

class PacketFile : public testing::Test {
  protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        path_ = testing::TempDir() + "kentongan_packet_" + test->name() + ".pcap";
        TcpConversation talk(kClient, kServer, kStart);
        talk.handshake().client_says("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
        talk.server_says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").close();
        frames_ = talk.frames();
    }
    void TearDown() override { std::filesystem::remove(path_); }

    Result<> read(RecordingSink& sink, Options options = {}) {
        if (options.file.empty()) options.file = path_;
        PacketCollector collector("pcap:file", options, metrics_);
        return run_task(collector.run(sink));
    }
    void write(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

    std::string path_;
    std::vector<TimedFrame> frames_;
    Metrics metrics_;
};

TEST_F(PacketFile, IsReadToItsEndWithEverythingOpenTold) {
    for (const bool nanoseconds : {false, true}) {
        PcapBytes file(1, nanoseconds);
        file.add(frames_);
        file.write(path_);
        RecordingSink sink;
        const auto result = read(sink);
        ASSERT_TRUE(result) << result.error().message;
        EXPECT_EQ(sink.states(), "SF");
        EXPECT_EQ(sink.of(EventKind::web).size(), 1u);
        ASSERT_EQ(sink.seconds.size(), 1u);
        EXPECT_EQ(sink.seconds[0].packets, frames_.size());
        EXPECT_EQ(sink.seconds[0].second, kStart);
        EXPECT_GE(sink.flushes, 1);
    }
    EXPECT_EQ(metrics_.capture_packets.sum(), 2.0 * static_cast<double>(frames_.size()));
    EXPECT_EQ(metrics_.flows.sum(), 0);
}

TEST_F(PacketFile, OfTheOtherByteOrderReadsTheSame) {
    PcapBytes file;
    file.add(frames_);
    std::string bytes = file.bytes();
    const auto swap = [&bytes](std::size_t at, std::size_t size) {
        std::reverse(bytes.begin() + long(at), bytes.begin() + long(at + size));
    };
    for (const auto& [at, size] : std::vector<std::pair<std::size_t, std::size_t>>{
             {0, 4}, {4, 2}, {6, 2}, {8, 4}, {12, 4}, {16, 4}, {20, 4}})
        swap(at, size);
    std::size_t at = 24;
    for (const TimedFrame& frame : frames_) {
        for (std::size_t field = 0; field < 16; field += 4) swap(at + field, 4);
        at += 16 + frame.bytes.size();
    }
    write(bytes);
    RecordingSink sink;
    ASSERT_TRUE(read(sink));
    EXPECT_EQ(sink.states(), "SF");
}

TEST_F(PacketFile, AFolderIsReadFileByFileAsOneCapture) {
    const TemporaryFolder folder;
    const auto half = frames_.begin() + 4;
    PcapBytes first;
    first.add(std::vector(frames_.begin(), half));
    first.write(folder / "1.pcap");
    PcapBytes second(1, true);
    second.add(std::vector(half, frames_.end()));
    second.write(folder / "3.pcap");
    std::ofstream(folder / "2.txt") << "this is no capture";
    Options options;
    options.file = folder.name();
    RecordingSink sink;
    const auto result = read(sink, options);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::data);
    EXPECT_NE(result.error().message.find("2.txt"), std::string::npos);
    EXPECT_EQ(sink.states(), "SF") << "one connection over two files";
    EXPECT_EQ(sink.of(EventKind::web).size(), 1u);
}

TEST_F(PacketFile, ReadTwiceGivesTheSameSequenceWhateverTheHashSeed) {
    PcapBytes file;
    for (std::uint16_t i = 1; i < 3000; ++i)
        file.add({kStart + std::chrono::milliseconds{i * 7},
                  tcp_frame({"192.0.2.1", i}, {"198.51.100.5", static_cast<std::uint16_t>(i % 40)},
                            {.flags = 2, .sequence = i})});
    file.add(frames_);
    file.write(path_);
    Options options;
    options.maximum_flows = 100;
    RecordingSink first;
    RecordingSink second;
    ASSERT_TRUE(read(first, options));
    ASSERT_TRUE(read(second, options));
    EXPECT_GT(first.events.size(), 2000u);
    EXPECT_EQ(first.log, second.log);
}

TEST_F(PacketFile, ThatBreaksOffIsReadUpToThereAndNamed) {
    PcapBytes file;
    file.add(frames_);
    write(file.bytes().substr(0, file.bytes().size() - 10));
    RecordingSink sink;
    const auto result = read(sink);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::data);
    EXPECT_THAT(result.error().message, testing::HasSubstr(path_));
    EXPECT_THAT(result.error().message, testing::HasSubstr("after packet 7"));
    EXPECT_EQ(sink.of(EventKind::web).size(), 1u);
    EXPECT_EQ(sink.of(EventKind::conn).size(), 1u);
}

TEST_F(PacketFile, ThatIsMissingOrNoCaptureIsAnErrorThatNamesIt) {
    RecordingSink sink;
    const auto missing = read(sink);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::no_input);
    EXPECT_THAT(missing.error().message, testing::HasSubstr(path_));
    write("this is no capture file at all");
    const auto text = read(sink);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::data);
    EXPECT_THAT(text.error().message, testing::HasSubstr(path_));
}

TEST_F(PacketFile, IsFilteredAsTcpdumpWould) {
    PcapBytes file;
    file.add(frames_);
    file.add({kStart + std::chrono::seconds{1}, udp_frame(kClient, kServer, "x")});
    file.write(path_);
    RecordingSink sink;
    Options options;
    options.filter = "udp";
    ASSERT_TRUE(read(sink, options));
    EXPECT_EQ(sink.states(), "S0");
    options.filter = "no such word";
    const auto wrong = read(sink, options);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::config);
    EXPECT_THAT(wrong.error().message, testing::HasSubstr("no such word"));
}

TEST_F(PacketFile, CountsWhatCannotBeDecoded) {
    PcapBytes file(147);  // a link type for private use
    file.add({kStart, "whatever"});
    file.write(path_);
    RecordingSink sink;
    ASSERT_TRUE(read(sink));
    EXPECT_EQ(metrics_.decode_errors.with({"linktype"}).value(), 1);
}

TEST(PacketLive, AnInterfaceThatDoesNotExistIsNoInput) {
    Metrics metrics;
    RecordingSink sink;
    Options options;
    options.interface = "kentongan-none";
    PacketCollector collector("packet:none", options, metrics);
    const auto result = run_task(collector.run(sink));
    ASSERT_FALSE(result);
    if (result.error().code == ErrorCode::permission)
        GTEST_SKIP() << "not allowed to capture here: " << result.error().message;
    EXPECT_EQ(result.error().code, ErrorCode::no_input);
    EXPECT_THAT(result.error().message, testing::HasSubstr("kentongan-none"));
}

TEST(PacketLive, NeitherFileNorInterfaceIsAConfigError) {
    Metrics metrics;
    RecordingSink sink;
    PacketCollector collector("packet:empty", {}, metrics);
    const auto result = run_task(collector.run(sink));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::config);
}

/// Sends a datagram to a port of its own on loopback each time the sink is asked, until the sensor
/// has told of it, then cancels the collector.
TEST(PacketLive, LoopbackTrafficIsSeenAndCancellingEndsTheCapture) {
    asio::io_context context{1};
    asio::ip::udp::socket socket(context, {asio::ip::address_v4::loopback(), 0});
    Options options;
    options.interface = "lo";
    options.filter = fmt::format("udp port {}", socket.local_endpoint().port());
    Metrics metrics;
    RecordingSink sink;
    PacketCollector collector("packet:lo", options, metrics);
    asio::cancellation_signal stop;
    const auto seen = [&] { return metrics.capture_packets.with({"lo"}).value(); };
    sink.on_offer = [&] {
        if (seen() > 0 && !sink.seconds.empty()) return stop.emit(asio::cancellation_type::all);
        socket.send_to(asio::buffer("x"), socket.local_endpoint());
    };
    std::optional<Result<>> failed;
    asio::co_spawn(context, collector.run(sink),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, Result<> r) {
                       if (!e) failed = r;
                   }));
    context.run();
    if (failed) {
        ASSERT_FALSE(*failed);
        GTEST_SKIP() << "cannot capture on loopback here: " << failed->error().message;
    }
    EXPECT_GT(seen(), 0);
    EXPECT_GT(sink.seconds.front().packets, 0u);
}

TEST(PacketRetry, DoublesUpToThirtySecondsAndStartsAfreshAfterASuccess) {
    Retry retry;
    std::vector<std::int64_t> waits;
    for (int i = 0; i < 7; ++i) waits.push_back(retry.next().count());
    EXPECT_EQ(waits, (std::vector<std::int64_t>{1, 2, 4, 8, 16, 30, 30}));
    retry.succeeded();
    EXPECT_EQ(retry.next().count(), 1);
}

}  // namespace
}  // namespace kentongan::packet
