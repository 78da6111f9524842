#include "collectors/packet/ring/packet_search.hpp"

#include <gtest/gtest.h>

#include <boost/asio/thread_pool.hpp>
#include <fstream>

#include "collectors/packet/ring/pcapng.hpp"
#include "collectors/packet/ring/recorder.hpp"
#include "tests/support/packet_builder.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::packet::ring {
namespace {

namespace fs = std::filesystem;

const Timestamp kStart = from_nanoseconds(1'732'687'200'000'000'000);

IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

CapturedPacket captured(const TimedFrame& frame) {
    return {.linktype = 1,
            .time = frame.time,
            .bytes = as_bytes(frame.bytes),
            .wire_bytes = frame.bytes.size()};
}

std::string section_of(const std::vector<TimedFrame>& frames) {
    std::string out;
    append_section(out, 1);
    for (const TimedFrame& frame : frames) append_packet(out, captured(frame));
    return out;
}

std::vector<TimedFrame> conversation(const char* client, const char* server, Timestamp start,
                                     std::size_t bytes = 100) {
    TcpConversation talk{{client, 40000}, {server, 443}, start};
    talk.handshake().client_says(std::string(bytes, 'q')).server_says("answer").close();
    return talk.frames();
}

class PacketRing : public testing::Test {
  protected:
    SegmentWriter writer(std::uint64_t quota = std::uint64_t{64} << 20) {
        return SegmentWriter{{folder_.name(), "pcap:eth0", quota}};
    }
    FoundPackets find(PacketQuery query) { return find_packets(folder_.name(), query).value(); }
    std::vector<fs::path> files(std::string_view ending) {
        std::vector<fs::path> out;
        for (const auto& entry : fs::directory_iterator(folder_.name()))
            if (entry.path().string().ends_with(ending)) out.push_back(entry.path());
        return out;
    }
    TemporaryFolder folder_;
};

TEST_F(PacketRing, GivesTheFramesOfOneConversationByteForByte) {
    const auto wanted = conversation("192.0.2.7", "10.0.0.5", kStart);
    auto ring = writer();
    ASSERT_TRUE(ring.write(section_of(conversation("192.0.2.9", "10.0.0.5", kStart))));
    ASSERT_TRUE(ring.write(section_of(wanted)));
    const auto found = find({.one = ip("10.0.0.5"), .other = ip("192.0.2.7")});
    EXPECT_EQ(found.pcapng, section_of(wanted));
    EXPECT_EQ(found.packets, wanted.size());
    EXPECT_EQ(found.blocks_read, 1u);
}

TEST_F(PacketRing, GivesAllOfOneAddressWhenTheOtherIsNotNamed) {
    auto ring = writer();
    const auto one = conversation("192.0.2.7", "10.0.0.5", kStart);
    const auto two = conversation("10.0.0.6", "192.0.2.7", kStart);
    ASSERT_TRUE(ring.write(section_of(one)));
    ASSERT_TRUE(ring.write(section_of(two)));
    ASSERT_TRUE(ring.write(section_of(conversation("192.0.2.8", "10.0.0.5", kStart))));
    EXPECT_EQ(find({.one = ip("192.0.2.7")}).packets, one.size() + two.size());
}

TEST_F(PacketRing, HeedsPortsAndTimes) {
    auto ring = writer();
    const auto frames = conversation("192.0.2.7", "10.0.0.5", kStart);
    ASSERT_TRUE(ring.write(section_of(frames)));
    PacketQuery query{.one = ip("192.0.2.7"), .other = ip("10.0.0.5")};
    query.one_port = 40000;
    query.other_port = 443;
    EXPECT_EQ(find(query).packets, frames.size());
    query.one_port = 40001;
    EXPECT_EQ(find(query).packets, 0u);
    query.one_port = {};
    query.from = frames[2].time;
    query.to = frames[3].time;
    EXPECT_EQ(find(query).packets, 2u);
    query.from = frames.back().time + std::chrono::seconds{1};
    query.to = Timestamp::max();
    EXPECT_EQ(find(query).blocks_read, 0u);
}

TEST_F(PacketRing, StopsAtSoManyBytesAndSaysSo) {
    auto ring = writer();
    ASSERT_TRUE(ring.write(section_of(conversation("192.0.2.7", "10.0.0.5", kStart, 50'000))));
    const auto found = find({.one = ip("192.0.2.7"), .most_bytes = 300});
    EXPECT_TRUE(found.cut);
    EXPECT_LE(found.pcapng.size(), 360u);
    EXPECT_GT(found.packets, 0u);
}

TEST_F(PacketRing, KeepsItsQuotaByRemovingTheOldest) {
    auto ring = writer(std::uint64_t{2} << 20);
    std::uint64_t state = 1;
    for (int i = 0; i < 40; ++i) {
        std::vector<TimedFrame> frames;
        for (int n = 0; n < 200; ++n) {
            std::string noise(1000, '\0');
            for (char& c : noise)
                c = static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
            frames.push_back(
                {kStart + std::chrono::seconds{i},
                 udp_frame({i == 0 ? "192.0.2.1" : "192.0.2.2", 1}, {"10.0.0.5", 53}, noise)});
        }
        ASSERT_TRUE(ring.write(section_of(frames)));
        EXPECT_LE(ring.bytes(), std::uint64_t{2} << 20);
    }
    EXPECT_EQ(find({.one = ip("192.0.2.1")}).packets, 0u);
    EXPECT_GT(find({.one = ip("192.0.2.2")}).packets, 0u);
    std::uint64_t there = 0;
    for (const auto& entry : fs::directory_iterator(folder_.name())) there += entry.file_size();
    EXPECT_EQ(there, ring.bytes());
}

TEST_F(PacketRing, CountsWhatEarlierRunsLeft) {
    ASSERT_TRUE(writer().write(section_of(conversation("192.0.2.7", "10.0.0.5", kStart))));
    auto again = writer();
    ASSERT_TRUE(again.write(section_of(conversation("192.0.2.7", "10.0.0.5", kStart))));
    EXPECT_EQ(files(kIndexEnding).size(), 2u);
    std::uint64_t there = 0;
    for (const auto& entry : fs::directory_iterator(folder_.name())) there += entry.file_size();
    EXPECT_EQ(again.bytes(), there);
    EXPECT_EQ(find({.one = ip("192.0.2.7")}).packets,
              2 * conversation("192.0.2.7", "10.0.0.5", kStart).size());
}

TEST_F(PacketRing, FindsWhatIsWholeInADamagedFolder) {
    auto ring = writer();
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(ring.write(section_of(conversation("192.0.2.7", "10.0.0.5", kStart))));
    const auto data = files(kDataEnding).front();
    const auto whole = find({.one = ip("192.0.2.7")});
    fs::resize_file(data, fs::file_size(data) - 10);
    const auto cut = find({.one = ip("192.0.2.7")});
    EXPECT_EQ(cut.packets, whole.packets / 3 * 2);
    EXPECT_EQ(cut.blocks_lost, 1u);
    const auto index = files(kIndexEnding).front();
    fs::resize_file(index, fs::file_size(index) - 1);
    EXPECT_EQ(find({.one = ip("192.0.2.7")}).packets, whole.packets / 3 * 2);
    std::ofstream(index, std::ios::trunc) << "nonsense";
    EXPECT_EQ(find({.one = ip("192.0.2.7")}).packets, 0u);
}

TEST_F(PacketRing, FindsAKeyAlsoInABlockWithTooManyToNoteThem) {
    std::string flood;
    append_section(flood, 1);
    std::vector<TimedFrame> frames;
    for (int i = 0; i < 40'000; ++i) {
        const std::string from = "198." + std::to_string(i / 65536 + 18) + "." +
                                 std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
        const TimedFrame frame{kStart, tcp_frame({from, 1}, {"10.0.0.5", 80}, {.flags = 2})};
        append_packet(flood, captured(frame));
    }
    auto ring = writer();
    ASSERT_TRUE(ring.write(flood));
    EXPECT_EQ(find({.one = ip("198.18.3.4")}).packets, 1u);
    EXPECT_EQ(find({.one = ip("192.0.2.1")}).packets, 0u);
}

TEST_F(PacketRing, NamesTheFolderThatCannotBeRead) {
    const auto found = find_packets(folder_ / "none", {.one = ip("192.0.2.1")});
    ASSERT_FALSE(found);
    EXPECT_NE(found.error().message.find("none"), std::string::npos);
}

TEST_F(PacketRing, RecordsWhatItIsGivenAndShedsWhatTheDiskIsTooSlowFor) {
    Metrics metrics;
    boost::asio::thread_pool scan{1};
    const std::string payload(1000, 'x');
    constexpr std::size_t kPackets = 40'000;  // some 40 MB: more than the blocks hold
    {
        Recorder recorder{{folder_.name(), "pcap:eth0", std::uint64_t{1} << 30},
                          scan.get_executor(),
                          metrics,
                          "eth0"};
        const TimedFrame frame{kStart, udp_frame({"192.0.2.7", 1}, {"10.0.0.5", 53}, payload)};
        for (std::size_t i = 0; i < kPackets; ++i) recorder.packet(captured(frame));
        recorder.flush();
    }
    scan.join();
    const auto recorded = metrics.capture_ring_packets.with({"eth0"}).value();
    const auto shed = metrics.capture_ring_shed.with({"eth0", "slow"}).value();
    EXPECT_EQ(recorded + shed, static_cast<double>(kPackets));
    EXPECT_GE(recorded, 15'000);
    EXPECT_EQ(find({.one = ip("192.0.2.7")}).packets, static_cast<std::size_t>(recorded));
}

TEST_F(PacketRing, CountsWhatCouldNotBeWritten) {
    Metrics metrics;
    boost::asio::thread_pool scan{1};
    std::ofstream(folder_ / "file") << "in the way";
    {
        Recorder recorder{
            {folder_ / "file", "pcap:eth0", 1 << 20}, scan.get_executor(), metrics, "eth0"};
        const TimedFrame frame{kStart, udp_frame({"192.0.2.7", 1}, {"10.0.0.5", 53}, "x")};
        for (int i = 0; i < 5; ++i) recorder.packet(captured(frame));
        recorder.flush();
    }
    scan.join();
    EXPECT_EQ(metrics.capture_ring_shed.with({"eth0", "disk"}).value(), 5);
    EXPECT_EQ(metrics.capture_ring_packets.with({"eth0"}).value(), 0);
}

}  // namespace
}  // namespace kentongan::packet::ring
