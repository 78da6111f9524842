#pragma once
// Traffic of one kind each, in memory, and a sink that only counts.
#include <string>
#include <vector>

#include "collectors/packet/sensor.hpp"
#include "tests/support/packet_builder.hpp"

namespace kentongan::packet::bench {

/// Frames, and how many bytes and conversations they are.
struct Traffic {
    std::vector<TimedFrame> frames;
    std::int64_t bytes = 0;
};

/// Connections that are opened and closed, from as many sources.
[[nodiscard]] Traffic handshakes(int count);
/// One stream of bytes of no protocol, `reordered`: every second pair of segments swapped.
[[nodiscard]] Traffic bulk(std::size_t megabytes, bool reordered);
/// Conversations of one protocol each.
[[nodiscard]] Traffic pages(int count);
[[nodiscard]] Traffic hellos(int count);
[[nodiscard]] Traffic names(int count);

class CountingSink : public EventSink {
  public:
    void emit(const Event&) override { ++events; }
    void emit(TrafficSecond) override {}
    [[nodiscard]] bool wants(EventKind kind) const override {
        return kind != EventKind::payload && kind != EventKind::content;
    }
    Task<> flush(Timestamp, std::optional<Bookmark>) override { co_return; }
    bool offer(Timestamp) override { return true; }
    std::uint64_t events = 0;
};

}  // namespace kentongan::packet::bench
