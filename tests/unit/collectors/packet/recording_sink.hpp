#pragma once
// A sink that remembers what a packet sensor emitted, and that its times never went backwards.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "collectors/packet/sensor.hpp"
#include "tests/support/packet_builder.hpp"

namespace kentongan::packet {

class RecordingSink final : public EventSink {
  public:
    void emit(const Event& event) override {
        EXPECT_GE(event.time, watermark);
        EXPECT_TRUE(events.empty() || event.time >= events.back().time);
        events.push_back(event);
        log += to_json(event) + "\n";
    }
    /// As most are, without rules for streams: their windows have a test of their own.
    bool wants(EventKind kind) const override { return kind != EventKind::payload; }
    void emit(TrafficSecond second) override {
        EXPECT_GE(second.second, watermark);
        for (const auto& s : second.services)
            log += fmt::format("service {}:{} {} {} {} {}\n", s.destination.to_string(), s.port,
                               s.syns, s.completed, s.fins, s.sources);
        for (const auto& a : second.attempts)
            log += fmt::format("attempt {} {}:{} {}\n", a.source.to_string(),
                               a.destination.to_string(), a.port, a.succeeded);
        seconds.push_back(std::move(second));
    }
    Task<> flush(Timestamp time, std::optional<Bookmark>) override {
        EXPECT_GE(time, watermark);
        watermark = time;
        ++flushes;
        co_return;
    }
    bool offer(Timestamp time) override {
        EXPECT_GE(time, watermark);
        watermark = time;
        if (on_offer) on_offer();
        return true;
    }

    [[nodiscard]] std::vector<Event> of(EventKind kind) const {
        std::vector<Event> out;
        std::ranges::copy_if(events, std::back_inserter(out),
                             [kind](const Event& e) { return e.kind == kind; });
        return out;
    }
    /// The states of all connections in the order they were told: "SF S0".
    [[nodiscard]] std::string states() const {
        std::string out;
        for (const Event& event : of(EventKind::conn))
            out += (out.empty() ? "" : " ") + std::string(event.text(Field::network_state));
        return out;
    }
    [[nodiscard]] std::vector<TrafficSecond::Attempt> attempts() const {
        std::vector<TrafficSecond::Attempt> out;
        for (const auto& second : seconds)
            out.insert(out.end(), second.attempts.begin(), second.attempts.end());
        return out;
    }

    std::vector<Event> events;
    std::vector<TrafficSecond> seconds;
    std::string log;
    std::function<void()> on_offer;
    Timestamp watermark{};
    int flushes = 0;
};

inline const Timestamp kStart = *parse_rfc3339("2024-11-27T06:00:00Z");
inline constexpr PacketEnd kClient{"192.0.2.10", 40000};
inline constexpr PacketEnd kServer{"198.51.100.5", 80};

/// A sensor and what it emits.
struct SensorRun {
    explicit SensorRun(Options options = {}, std::uint64_t seed = 1)
        : sensor("pcap:test", options, seed) {}

    SensorRun& play(const std::vector<TimedFrame>& frames) {
        for (const TimedFrame& frame : frames) {
            const std::size_t wire = std::max(frame.wire_bytes, frame.bytes.size());
            sensor.packet({1, frame.time, as_bytes(frame.bytes), wire}, sink);
        }
        return *this;
    }
    SensorRun& until(Timestamp time) {
        sensor.advance(time, sink);
        return *this;
    }
    SensorRun& finish() {
        sensor.finish(sink);
        return *this;
    }

    Sensor sensor;
    RecordingSink sink;
};

}  // namespace kentongan::packet
