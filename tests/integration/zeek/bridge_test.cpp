// Real Broker endpoint -> real bridge program -> Unix socket -> BridgeCollector.
#include "tests/integration/zeek/zeek_bridge.hpp"

namespace kentongan::zeek {
namespace {

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
