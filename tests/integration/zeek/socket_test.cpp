// The collector's end of the socket, against clients that are good, hostile or gone.
#include "tests/integration/zeek/zeek_bridge.hpp"

namespace kentongan::zeek {
namespace {

class ZeekSocket : public ZeekBridge {};

TEST_F(ZeekSocket, ALostPeerBecomesANoticeAfterItsGraceOnce) {
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

TEST_F(ZeekSocket, GarbageIsDroppedAndCountedAndOthersGoOn) {
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

TEST_F(ZeekSocket, MoreBridgesThanAllowedAndSilentOnesAreRefused) {
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

TEST_F(ZeekSocket, WhatTheBridgeReportsAsDroppedIsCounted) {
    start_collector();
    auto bridge =
        client(frames({kHello, R"({"status":{"forwarded":9,"dropped":4,"undecodable":2}})",
                       R"({"event":"Kentongan::log","record":{"ts":"never"}})"}));
    run_until([&] { return counted("unparsed") == 3; });
    EXPECT_EQ(counted("dropped"), 4);
    EXPECT_EQ(connected(), 1);
}

TEST_F(ZeekSocket, WhatWasReadIsHandedOnWhenTheCollectorIsStopped) {
    start_collector();
    auto bridge = client(frames({kHello, kRecord}));
    run_until([&] { return connected() == 1; });
    stop_collector();
    EXPECT_EQ(sink_.flushed, 1u);
    ASSERT_TRUE(result_);
    EXPECT_TRUE(result_->has_value());
    EXPECT_FALSE(fs::exists(socket_));
}

TEST_F(ZeekSocket, TheSocketIsForOwnerAndGroupOnly) {
    start_collector();
    struct stat status{};
    ASSERT_EQ(::stat(socket_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0660u);
}

TEST_F(ZeekSocket, AStaleSocketIsReplacedALiveOneAndAFileAreNot) {
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

}  // namespace
}  // namespace kentongan::zeek
