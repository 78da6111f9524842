#pragma once
// What the tests of the bridge share: a collector in this process with a sink that remembers, and
// the programs around it.
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

inline constexpr std::string_view kHello =
    R"({"hello":{"peer":"192.0.2.9:9999","version":"test"}})";
inline constexpr std::string_view kRecord =
    R"({"topic":"/kentongan/zeek/log","event":"Kentongan::log","stream":"DNS::LOG","node":"",)"
    R"("record":{"ts":1.0,"query":"kpu.go.id"},"received_ns":1})";

}  // namespace kentongan::zeek
