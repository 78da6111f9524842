// Hostile packets and hostile HTTP. The first byte chooses: a sequence of packets of one link type
// through the whole sensor, fragments alone, or one HTTP connection through the parser.
#include <array>
#include <string>

#include "collectors/packet/http/http_parser.hpp"
#include "collectors/packet/sensor.hpp"

namespace {

using namespace kentongan;
using namespace kentongan::packet;

struct Nowhere final : EventSink {
    void emit(const Event& event) override {
        if (event.time < last) __builtin_trap();
        last = event.time;
    }
    void emit(TrafficSecond second) override {
        if (second.services.size() > 1024 || second.attempts.size() > 4096) __builtin_trap();
    }
    Task<> flush(Timestamp, std::optional<Bookmark>) override { co_return; }
    bool offer(Timestamp) override { return true; }
    Timestamp last{};
};

/// Fragments and tunnels by themselves: the memory stays under its cap, and what is told of a
/// packet lies within what was given.
void fragments(Bytes data) {
    FragmentTable table({.packets = 4, .bytes = 4096, .fragments = 8});
    ByteReader in(data);
    Timestamp now{};
    while (in.ok() && !in.rest().empty()) {
        now += std::chrono::seconds{in.u8() / 32};
        Decoded of;
        of.ip_version = 4;
        Transport part;
        part.protocol = 17;
        part.present = part.fragment = true;
        const std::uint8_t head = in.u8();
        part.more = head % 2 == 0;
        part.id = head / 2 % 8;
        part.offset = in.u16() & 0xFFF8u;
        part.captured = in.take(std::min<std::size_t>(in.u8(), in.rest().size()));
        part.bytes = static_cast<std::uint32_t>(part.captured.size());
        const auto added = table.add(of, part, now);
        if (added.whole.captured.size() > 65535) __builtin_trap();
        if (table.size() > 4 || table.held_bytes() > 4096 + 1024) __builtin_trap();
    }
}

void packets(int linktype, Bytes data) {
    // The streams' and the fragments' caps, and what one more packet may add.
    constexpr std::size_t kHeld = (std::size_t{72} << 20) + 65536;
    Options options;
    options.maximum_flows = 8;
    options.body_bytes = 64;
    Nowhere sink;
    Sensor sensor("fuzz", options, 1);
    ByteReader in(data);
    Timestamp now{};
    while (in.ok() && !in.rest().empty()) {
        now += std::chrono::milliseconds{in.u8() * 40};
        const std::size_t length = in.u8();
        const Bytes bytes = in.take(std::min(length, in.rest().size()));
        sensor.packet({linktype, now, bytes, bytes.size()}, sink);
        if (sensor.flows() > 8) __builtin_trap();
        if (sensor.held_bytes() > kHeld) __builtin_trap();
    }
    sensor.finish(sink);
    if (sensor.flows() != 0) __builtin_trap();
}

void http(Bytes data) {
    HttpParser parser(64);
    ByteReader in(data);
    auto outcome = HttpParser::Outcome::more;
    while (in.ok() && !in.rest().empty() && outcome == HttpParser::Outcome::more) {
        const std::uint8_t head = in.u8();
        const Bytes bytes = in.take(std::min<std::size_t>(head / 2, in.rest().size()));
        outcome = head % 2 == 0 ? parser.request(bytes, 1) : parser.response(bytes, 1);
        for (const HttpExchange& exchange : parser.take_done())
            if (exchange.body.size() > 64) __builtin_trap();
    }
    (void)parser.take_rest();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr std::array<int, 7> kLinktypes{1, 0, 12, 113, 276, 108, 1};
    const Bytes rest(data + 1, size - 1);
    if (data[0] == 0xFE)
        fragments(rest);
    else if (data[0] % 8 == 7)
        http(rest);
    else
        packets(kLinktypes[data[0] % 8], rest);
    return 0;
}
