// Captures that were cut or in which a byte was flipped: they are read without harm, what is held
// stays under its cap, and the counts add up. KENTONGAN_FLIPS sets the number of flips, of which
// there are few by default; 10,000 are played by hand with the sanitizers.
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>

#include "collectors/packet/packet_collector.hpp"
#include "daemon/drill/generate/random.hpp"
#include "tests/support/protocol_captures.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/collectors/packet/recording_sink.hpp"

namespace kentongan::packet {
namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;

/// All protocols and a small flood.
const std::string& spoken() {
    static const std::string bytes = generate::spoken_network(7, kStart, 0, 50);
    return bytes;
}

int flips() {
    const char* asked = std::getenv("KENTONGAN_FLIPS");
    return asked == nullptr ? 150 : std::atoi(asked);
}

/// The records of a capture as they stand in it, with what they say of themselves.
std::vector<TimedFrame> frames_in(const std::string& capture) {
    std::vector<TimedFrame> out;
    for (std::size_t at = kFileHeader; at + kRecordHeader <= capture.size();) {
        std::uint32_t head[4];
        std::memcpy(head, &capture[at], sizeof head);
        at += kRecordHeader;
        out.push_back(
            {Timestamp{std::chrono::seconds{head[0]}} + std::chrono::microseconds{head[1]},
             capture.substr(at, head[2]), head[3]});
        at += head[2];
    }
    return out;
}

/// Counts only; memory is checked at every packet.
struct Tally final : EventSink {
    void emit(const Event& event) override {
        ++events;
        if (event.kind == EventKind::conn && event.text(Field::event_action) != "ongoing")
            told +=
                *event.integer(Field::source_packets) + *event.integer(Field::destination_packets);
    }
    void emit(TrafficSecond second) override { seconds += second.packets; }
    Task<> flush(Timestamp, std::optional<Bookmark>) override { co_return; }
    bool offer(Timestamp) override { return true; }
    std::size_t events = 0;
    std::int64_t told = 0;
    std::uint64_t seconds = 0;
};

void expect_harmless(const std::vector<TimedFrame>& frames, Tally& tally) {
    constexpr std::size_t kHeld = (std::size_t{72} << 20) + 65536;  // streams and fragments
    Options options;
    options.maximum_flows = 64;
    Sensor sensor("damaged", options, 1);
    for (const TimedFrame& frame : frames) {
        sensor.packet({1, frame.time, as_bytes(frame.bytes), frame.wire_bytes}, tally);
        ASSERT_LE(sensor.flows(), 64u);
        ASSERT_LE(sensor.held_bytes(), kHeld);
    }
    sensor.finish(tally);
    EXPECT_EQ(sensor.flows(), 0u);
    EXPECT_EQ(sensor.held_bytes(), 0u);
    EXPECT_EQ(sensor.counts().packets, frames.size());
    EXPECT_EQ(tally.seconds, frames.size()) << "every packet is in some second";
    EXPECT_LE(tally.told, static_cast<std::int64_t>(frames.size()));
}

TEST(DamagedCapture, WholeItTellsOfEveryProtocol) {
    Sensor sensor("whole", {}, 1);
    RecordingSink sink;
    for (const TimedFrame& frame : frames_in(spoken()))
        sensor.packet({1, frame.time, as_bytes(frame.bytes), frame.wire_bytes}, sink);
    sensor.finish(sink);
    for (const EventKind kind :
         {EventKind::web, EventKind::dns, EventKind::tls, EventKind::ssh, EventKind::sql,
          EventKind::mail, EventKind::ftp, EventKind::file, EventKind::anomaly, EventKind::conn})
        EXPECT_FALSE(sink.of(kind).empty()) << name_of(kind);
    std::size_t faults = 0;
    for (const auto fault : sensor.counts().faults) faults += fault;
    EXPECT_EQ(faults, 0u);
}

TEST(DamagedCapture, AnyByteOfAnyPacketMayBeAnother) {
    const auto frames = frames_in(spoken());
    generate::Random random{11};
    for (int i = 0; i < flips(); ++i) {
        auto damaged = frames;
        std::string& bytes = damaged[random.below(damaged.size())].bytes;
        const auto at = random.below(bytes.size());
        bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1 + random.below(255)));
        Tally tally;
        expect_harmless(damaged, tally);
        EXPECT_GT(tally.events, 0u);
        if (HasFailure()) FAIL() << "flip " << i;
    }
}

TEST(DamagedCapture, EveryPacketMayBeCutAtAnyByte) {
    constexpr std::size_t kHeaders = 54;  // Ethernet, IPv4 and TCP: a connection is known by them
    const auto frames = frames_in(spoken());
    std::size_t longest = 0;
    for (const TimedFrame& frame : frames) longest = std::max(longest, frame.bytes.size());
    for (std::size_t kept = 0; kept < longest; kept += kept < 120 ? 1 : 61) {
        auto cut = frames;
        for (TimedFrame& frame : cut) frame.bytes.resize(std::min(kept, frame.bytes.size()));
        Tally tally;
        expect_harmless(cut, tally);
        EXPECT_TRUE(tally.events > 0 || kept < kHeaders);
        if (HasFailure()) FAIL() << "packets of " << kept << " bytes";
    }
}

/// The file itself, with the headers of the capture and of its records.
class DamagedFile : public testing::Test {
  protected:
    /// What the collector told of a file of these bytes; the file may be refused, never more.
    Tally read(const std::string& bytes) {
        const std::string path = folder_ / "damaged.pcap";
        std::ofstream(path, std::ios::binary) << bytes;
        Options options;
        options.file = path;
        Metrics metrics;
        Tally tally;
        PacketCollector collector("pcap:damaged", options, metrics);
        const auto result = run_task(collector.run(tally));
        if (!result) {
            EXPECT_EQ(result.error().code, ErrorCode::data) << result.error().message;
            EXPECT_NE(result.error().message.find(path), std::string::npos);
        }
        EXPECT_EQ(static_cast<double>(tally.seconds), metrics.capture_packets.sum());
        return tally;
    }
    TemporaryFolder folder_;
};

TEST_F(DamagedFile, MayEndAtAnyByte) {
    const std::string& whole = spoken();
    const auto all = read(whole).seconds;
    std::uint64_t before = 0;
    for (std::size_t size = 0; size <= whole.size(); size += size < 400 ? 1 : whole.size() / 150) {
        const auto packets = read(whole.substr(0, size)).seconds;
        EXPECT_GE(packets, before) << "fewer packets of a longer file";
        EXPECT_LE(packets, all);
        before = packets;
    }
    EXPECT_GT(before, 0u);
}

TEST_F(DamagedFile, MayHaveAnotherByteAnywhere) {
    generate::Random random{13};
    for (int i = 0; i < flips(); ++i) {
        std::string damaged = spoken();
        // One in four in the headers, where it does most.
        const auto at =
            i % 4 == 0 ? random.below(kFileHeader + kRecordHeader) : random.below(damaged.size());
        damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 + random.below(255)));
        read(damaged);
        if (HasFailure()) FAIL() << "flip " << i << " at byte " << at;
    }
}

}  // namespace
}  // namespace kentongan::packet
