// D02 from packets to findings: the sensor's tables stay within their caps, and a flood is one
// episode, whatever number of sources it invents.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <random>

#include "collectors/packet/sensor.hpp"
#include "daemon/alert/desk.hpp"
#include "daemon/detect/anomaly/syn_flood_detector.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/packet_builder.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");
constexpr std::size_t kFlows = 50'000;

/// Hands each second to the detector, and counts events without keeping them.
class DetectingSink final : public EventSink {
  public:
    void emit(const Event&) override { ++events; }
    void emit(TrafficSecond second) override {
        detector.advance(second.second, findings);
        detector.inspect(second, findings);
    }
    Task<> flush(Timestamp, std::optional<Bookmark>) override { co_return; }
    bool offer(Timestamp) override { return true; }

    SynFloodDetector detector{AnomalyOptions{}};
    RecordingFindings findings;
    std::uint64_t events = 0;
};

/// What the desk makes of them.
std::size_t alerts_of(const std::vector<Finding>& findings) {
    const auto routing = std::make_shared<const Routing>(
        Routing::parse("agencies = [\"kpu\"]\nowner = \"kpu\"\nadvisory = [\"kpu\"]\n"
                       "[class.default]\nkpu = { tlp = \"RED\" }\n",
                       "routing.toml")
            .value());
    AlertDesk desk{{}, routing};
    for (const Finding& finding : findings) desk.take(finding);
    return desk.take_changes().size();
}

/// Bytes in use of the heap.
std::size_t heap() {
    const auto all = ::mallinfo2();
    return all.uordblks + all.hblkhd;
}

packet::Options small() {
    packet::Options out;
    out.maximum_flows = kFlows;
    return out;
}

class SynFloodFromPackets : public testing::Test {
  protected:
    void give(std::string& frame, bool from_client, std::uint32_t client, Timestamp time) {
        const std::size_t at = from_client ? 26 : 30;  // of the client's address
        for (std::size_t i = 0; i < 4; ++i)
            frame[at + i] = static_cast<char>(client >> (24 - 8 * i));
        sensor_.packet({1, time, as_bytes(frame), frame.size()}, sink_);
    }
    void end(Timestamp time) {
        sensor_.advance(time, sink_);
        sink_.detector.advance(time, sink_.findings);
    }

    packet::Sensor sensor_{"eth0", small(), 1};
    DetectingSink sink_;
    std::mt19937 random_{3};
    std::string syn_ = tcp_frame({"1.1.1.1", 40000}, {"198.51.100.5", 443}, {.flags = 2});
    std::string answer_ = tcp_frame({"198.51.100.5", 443}, {"1.1.1.1", 40000},
                                    {.flags = 18, .sequence = 5, .acknowledged = 1});
    std::string ack_ = tcp_frame({"1.1.1.1", 40000}, {"198.51.100.5", 443},
                                 {.flags = 16, .sequence = 1, .acknowledged = 6});
};

TEST_F(SynFloodFromPackets, AMillionSynsFromInventedSourcesAreOneEpisodeInBoundedMemory) {
    std::size_t most = 0;
    const std::size_t before = heap();
    for (int i = 0; i < 1'000'000; ++i) {
        give(syn_, true, static_cast<std::uint32_t>(random_()), kStart + microseconds{10 * i});
        if (i % 10'000 == 0) most = std::max(most, heap());
    }
    EXPECT_LE(most - std::min(before, most), std::size_t{64} << 20);  // 50,000 flows
    RecordProperty("bytes", static_cast<int>(most - std::min(before, most)));
    EXPECT_LE(sensor_.flows(), kFlows);
    EXPECT_GE(sensor_.counts().flows_evicted, 900'000u);
    EXPECT_LE(sink_.events, 11 * packet::Sensor::kUnansweredASecond);
    end(kStart + seconds{12});
    ASSERT_FALSE(sink_.findings.all.empty());
    EXPECT_LE(sink_.findings.all.size(), 2u);  // at once, and once more after ten seconds
    for (const Finding& finding : sink_.findings.all) EXPECT_EQ(finding.entity, "198.51.100.5:443");
    EXPECT_EQ(alerts_of(sink_.findings.all), 1u);
}

TEST_F(SynFloodFromPackets, AMillionHandshakesOfACrowdAtThatRateAreSilent) {
    for (int i = 0; i < 1'000'000; ++i) {
        const auto client = static_cast<std::uint32_t>(random_());
        const Timestamp time = kStart + microseconds{10 * i};
        give(syn_, true, client, time);
        give(answer_, false, client, time + microseconds{2});
        give(ack_, true, client, time + microseconds{4});
    }
    end(kStart + seconds{12});
    EXPECT_TRUE(sink_.findings.all.empty());
}

}  // namespace
}  // namespace kentongan::anomaly
