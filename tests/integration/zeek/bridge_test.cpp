// Real Broker endpoint -> real bridge program -> Unix socket -> BridgeCollector.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "collectors/zeek/bridge_collector.hpp"
#include "daemon/async/task_group.hpp"
#include "tests/integration/zeek/process.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::zeek {
namespace {

namespace fs = std::filesystem;

class RecordingSink final : public EventSink {
  public:
    void emit(const Event& event) override { events.push_back(event); }
    void emit(TrafficSecond) override {}
    Task<> flush(Timestamp watermark, std::optional<Bookmark>) override {
        for (std::size_t i = flushed; i < events.size(); ++i)
            all_kept &= events[i].time >= promised;
        flushed = events.size();
        promised = watermark;
        ++flushes;
        co_return;
    }
    bool offer(Timestamp) override { return true; }

    std::vector<Event> events;
    std::size_t flushed = 0;
    std::size_t flushes = 0;
    Timestamp promised{};
    bool all_kept = true;  ///< no event was older than an earlier promise
};

class ZeekBridge : public testing::Test {
  protected:
    ZeekBridge() {
        std::string pattern = (fs::temp_directory_path() / "kentongan-zeek-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        socket_ = folder_ / "zeek.sock";
    }
    ~ZeekBridge() override {
        stop_collector();
        fs::remove_all(folder_);
    }

    void start_collector(BridgeOptions options = {}) {
        options.socket = socket_;
        options.tick = std::chrono::milliseconds{20};
        collector_.emplace("zeek:bridge", options, metrics_, clock_);
        const auto run = [](BridgeCollector& collector, EventSink& sink,
                            std::optional<Result<>>& result) -> Task<> {
            result = co_await collector.run(sink);
        };
        result_.reset();
        group_.spawn("collector", run(*collector_, sink_, result_));
        run_until([&, before = sink_.flushes] { return sink_.flushes > before || result_; });
    }

    void stop_collector() {
        group_.cancel();
        run_until([&] { return group_.running() == 0; });
    }

    /// The collector's own ticks see to it that the condition is looked at again and again.
    template <class Condition>
    void run_until(Condition condition) {
        context_.restart();
        while (!condition() && context_.run_one() > 0) {
        }
    }

    fs::path write_records(int first, int count) {
        const fs::path path = folder_ / ("records" + std::to_string(first) + ".ndjson");
        std::ofstream out{path};
        for (int i = first; i < first + count; ++i)
            out << R"({"stream":"Conn::LOG","record":{"ts":1732689065.25,"uid":"C)" << i
                << R"(","id":{"orig_h":"192.0.2.1","orig_p":{"port":5,"proto":"tcp"}},)"
                << R"("orig_bytes":)" << i << "}}\n";
        return path;
    }

    std::vector<std::string> bridge_command(std::string peer) const {
        return {KENTONGAN_BRIDGE,    "--peer", std::move(peer), "--socket", socket_,
                "--status-interval", "1"};
    }

    static std::string address_of(Process& peer) {
        EXPECT_TRUE(peer.await_output("listening on "));
        const auto& output = peer.output();
        const auto begin = output.find("listening on ") + 13;
        return output.substr(begin, output.find('\n', begin) - begin);
    }

    double counted(std::string_view result) {
        return metrics_.zeek_records.with({"bridge", result}).value();
    }
    double connected() { return metrics_.zeek_connected.with().value(); }

    /// Connects as a bridge would and writes `bytes`; the connection stays open.
    asio::local::stream_protocol::socket client(std::string_view bytes) {
        asio::local::stream_protocol::socket socket{context_};
        socket.connect(socket_.string());
        asio::write(socket, asio::buffer(bytes));
        return socket;
    }
    /// Whether the collector has hung up; asked without waiting.
    static bool is_closed(asio::local::stream_protocol::socket& socket) {
        char byte = 0;
        const auto got = ::recv(socket.native_handle(), &byte, 1, MSG_DONTWAIT);
        return got == 0 || (got < 0 && errno == ECONNRESET);
    }

    static std::string frames(std::initializer_list<std::string_view> jsons) {
        std::string out;
        for (const auto json : jsons) append_frame(out, json);
        return out;
    }

    fs::path folder_;
    fs::path socket_;
    Metrics metrics_;
    ManualClock clock_;
    RecordingSink sink_;
    std::optional<BridgeCollector> collector_;
    std::optional<Result<>> result_;
    asio::io_context context_{1};
    TaskGroup group_{context_.get_executor()};
};

constexpr std::string_view kHello = R"({"hello":{"peer":"192.0.2.9:9999","version":"test"}})";
constexpr std::string_view kRecord =
    R"({"topic":"/kentongan/zeek/log","event":"Kentongan::log","stream":"DNS::LOG","node":"",)"
    R"("record":{"ts":1.0,"query":"kpu.go.id"},"received_ns":1})";

TEST_F(ZeekBridge, EveryRecordArrivesOnceAsAnEvent) {
    constexpr int kRecords = 3000;
    start_collector();
    Process peer{{KENTONGAN_BROKER_PEER, "--input", write_records(0, kRecords), "--node", "w1"}};
    Process bridge{bridge_command(address_of(peer))};
    run_until([&] { return sink_.flushed >= kRecords; });
    EXPECT_EQ(connected(), 1);
    bridge.send_signal(SIGTERM);
    EXPECT_EQ(bridge.wait(), 0) << bridge.output();
    run_until([&] { return connected() == 0; });
    ASSERT_EQ(sink_.events.size(), std::size_t{kRecords}) << bridge.output();
    for (std::size_t i = 0; i < kRecords; ++i) {
        const Event& event = sink_.events[i];
        ASSERT_EQ(event.text(Field::zeek_uid), "C" + std::to_string(i));
        ASSERT_EQ(event.origin.position, i + 1);
    }
    const Event& event = sink_.events.front();
    EXPECT_EQ(event.kind, EventKind::conn);
    EXPECT_EQ(event.origin.source, "zeek:bridge");
    EXPECT_EQ(event.text(Field::zeek_node), "w1");
    EXPECT_EQ(event.ip(Field::source_ip), IpAddress::parse("192.0.2.1"));
    EXPECT_EQ(counted("parsed"), kRecords);
    EXPECT_TRUE(sink_.all_kept);
}

TEST_F(ZeekBridge, AKilledBridgeDoesNotHurtTheCollectorAndTheNextOneIsTaken) {
    start_collector();
    Process peer{{KENTONGAN_BROKER_PEER, "--input", write_records(0, 10)}};
    {
        Process bridge{bridge_command(address_of(peer))};
        run_until([&] { return sink_.flushed >= 10; });
        bridge.send_signal(SIGKILL);
        EXPECT_EQ(bridge.wait(), -SIGKILL);
    }
    run_until([&] { return connected() == 0; });
    Process second_peer{{KENTONGAN_BROKER_PEER, "--input", write_records(10, 10)}};
    Process second{bridge_command(address_of(second_peer))};
    run_until([&] { return sink_.flushed >= 20; });
    EXPECT_EQ(sink_.events.back().text(Field::zeek_uid), "C19");
    EXPECT_FALSE(result_);
}

TEST_F(ZeekBridge, RecordsWaitInTheBridgeForADaemonThatRestarts) {
    start_collector();
    Process peer{{KENTONGAN_BROKER_PEER, "--input", write_records(0, 100)}};
    stop_collector();
    EXPECT_FALSE(fs::exists(socket_));
    Process bridge{bridge_command(address_of(peer))};
    EXPECT_TRUE(peer.await_output("published 100 records"));
    EXPECT_TRUE(bridge.await_output("no daemon at"));
    start_collector();
    run_until([&] { return sink_.flushed >= 100; });
    std::set<std::string> uids;
    for (const auto& event : sink_.events) uids.emplace(event.text(Field::zeek_uid));
    EXPECT_EQ(uids.size(), 100u);
}

TEST_F(ZeekBridge, ALostPeerBecomesANoticeAfterItsGraceOnce) {
    start_collector();
    {
        auto bridge = client(frames({kHello, kRecord}));
        run_until([&] { return sink_.flushed == 1 && connected() == 1; });
    }
    run_until([&] { return connected() == 0; });
    clock_.advance(std::chrono::seconds{29});
    const auto before = sink_.flushes;
    run_until([&] { return sink_.flushes >= before + 3; });
    EXPECT_EQ(sink_.flushed, 1u);
    clock_.advance(std::chrono::seconds{1});
    run_until([&] { return sink_.flushed >= 2; });
    const Event& notice = sink_.events.at(1);
    EXPECT_EQ(notice.kind, EventKind::notice);
    EXPECT_EQ(notice.text(Field::zeek_notice_note), "Kentongan::Broker_Bridge_Lost");
    EXPECT_EQ(notice.text(Field::host_hostname), "192.0.2.9:9999");
    clock_.advance(std::chrono::seconds{300});
    const auto later = sink_.flushes;
    run_until([&] { return sink_.flushes >= later + 3; });
    EXPECT_EQ(sink_.events.size(), 2u);
}

TEST_F(ZeekBridge, GarbageIsDroppedAndCountedAndOthersGoOn) {
    start_collector();
    auto good = client(frames({kHello}));
    run_until([&] { return connected() == 1; });
    const std::string huge("\xFF\xFF\xFF\xFF", 4);
    const std::string inputs[] = {"GET / HTTP/1.1\r\n\r\n", huge,
                                  std::string(64, '\0'),    frames({"not json"}),
                                  frames({kRecord}),        frames({kHello, kHello}),
                                  frames({kHello, "[1,2]"})};
    double expected = 0;
    for (const auto& bytes : inputs) {
        auto garbage = client(bytes);
        run_until([&] { return counted("malformed") > expected; });
        EXPECT_EQ(counted("malformed"), ++expected) << bytes;
        run_until([&] { return is_closed(garbage); });
    }
    asio::write(good, asio::buffer(frames({kRecord})));
    run_until([&] { return sink_.flushed >= 1; });
    EXPECT_EQ(sink_.events.size(), 1u);
    EXPECT_EQ(connected(), 1);
}

TEST_F(ZeekBridge, MoreBridgesThanAllowedAndSilentOnesAreRefused) {
    BridgeOptions options;
    options.bridges = 1;
    start_collector(options);
    auto first = client(frames({kHello}));
    run_until([&] { return connected() == 1; });
    auto second = client("");
    run_until([&] { return is_closed(second); });
    EXPECT_EQ(counted("refused"), 1);
    clock_.advance(std::chrono::seconds{61});
    run_until([&] { return is_closed(first); });
    EXPECT_EQ(counted("refused"), 2);
    run_until([&] { return connected() == 0; });
}

TEST_F(ZeekBridge, WhatTheBridgeReportsAsDroppedIsCounted) {
    start_collector();
    auto bridge =
        client(frames({kHello, R"({"status":{"forwarded":9,"dropped":4,"undecodable":2}})",
                       R"({"event":"Kentongan::log","record":{"ts":"never"}})"}));
    run_until([&] { return counted("unparsed") == 3; });
    EXPECT_EQ(counted("dropped"), 4);
    EXPECT_EQ(connected(), 1);
}

TEST_F(ZeekBridge, WhatWasReadIsHandedOnWhenTheCollectorIsStopped) {
    start_collector();
    auto bridge = client(frames({kHello, kRecord}));
    run_until([&] { return connected() == 1; });
    stop_collector();
    EXPECT_EQ(sink_.flushed, 1u);
    ASSERT_TRUE(result_);
    EXPECT_TRUE(result_->has_value());
    EXPECT_FALSE(fs::exists(socket_));
}

TEST_F(ZeekBridge, TheSocketIsForOwnerAndGroupOnly) {
    start_collector();
    struct stat status{};
    ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0660u);
}

TEST_F(ZeekBridge, AStaleSocketIsReplacedALiveOneAndAFileAreNot) {
    const std::string path = socket_.string();
    {
        asio::local::stream_protocol::acceptor stale{context_, path};
    }
    ASSERT_TRUE(fs::exists(path));
    start_collector();
    const auto probe = client("");
    stop_collector();

    asio::local::stream_protocol::acceptor live{context_, path};
    start_collector();
    run_until([&] { return result_.has_value(); });
    ASSERT_TRUE(result_ && !result_->has_value());
    EXPECT_EQ(result_->error().code, ErrorCode::unavailable);
    EXPECT_NE(result_->error().message.find("another program is listening"), std::string::npos);
    live.close();
    fs::remove(path);

    std::ofstream{path} << "precious";
    start_collector();
    run_until([&] { return result_.has_value(); });
    EXPECT_EQ(result_->error().code, ErrorCode::config);
    EXPECT_TRUE(fs::exists(path));
}

TEST_F(ZeekBridge, SilenceInsteadOfBroker14EndsInAMessageThatNamesTheVersion) {
    asio::ip::tcp::acceptor silent{context_, {asio::ip::address_v4::loopback(), 0}};
    const auto address = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    for (const std::string tls : {"--plain", "--topic=/kentongan/"}) {  // plain, anonymous
        auto command = bridge_command(address);
        command.insert(command.end(), {"--peering-deadline", "1", tls});
        Process bridge{command};
        EXPECT_TRUE(bridge.await_output("no answer to Broker's handshake within 1 s"));
        EXPECT_TRUE(bridge.await_output("The likely cause is the version"));
        EXPECT_NE(bridge.output().find(address), std::string::npos);
        bridge.send_signal(SIGTERM);
        EXPECT_EQ(bridge.wait(), 0);
    }
}

TEST_F(ZeekBridge, ARefusedConnectionSaysSo) {
    asio::ip::tcp::acceptor port{context_, {asio::ip::address_v4::loopback(), 0}};
    const auto address = "127.0.0.1:" + std::to_string(port.local_endpoint().port());
    port.close();
    Process bridge{bridge_command(address)};
    EXPECT_TRUE(bridge.await_output("cannot peer"));
    EXPECT_NE(bridge.output().find("Broker::listen"), std::string::npos);
}

TEST(ZeekBridgeCommand, WrongCallsExitWith64AndSayWhy) {
    const auto run = [](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), KENTONGAN_BRIDGE);
        Process bridge{arguments};
        const std::string output = bridge.whole_output();
        return std::pair{bridge.wait(), output};
    };
    EXPECT_EQ(run({}).first, 64);
    EXPECT_EQ(run({"--peer", "nowhere"}).first, 64);
    EXPECT_NE(run({"--peer", "nowhere"}).second.find("HOST:PORT"), std::string::npos);
    EXPECT_EQ(run({"--peer", "::1:9999"}).first, 64);
    EXPECT_EQ(run({"--peer", "a:0"}).first, 64);
    EXPECT_EQ(run({"--peer", "a:1", "--cert", "x"}).first, 64);
    EXPECT_EQ(run({"--peer", "a:1", "--cert", "/no", "--ca", "/no", "--key", "/no"}).first, 66);
    EXPECT_EQ(run({"--help"}).first, 0);
    EXPECT_NE(run({"--help"}).second.find("Example"), std::string::npos);
}

}  // namespace
}  // namespace kentongan::zeek
