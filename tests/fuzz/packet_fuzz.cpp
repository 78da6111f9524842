// Hostile packets and hostile HTTP. The first byte chooses: a sequence of packets of one link type
// through the whole sensor, or the two directions of one HTTP connection through the parser.
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

void packets(int linktype, Bytes data) {
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
    if (data[0] % 8 == 7)
        http(rest);
    else
        packets(kLinktypes[data[0] % 8], rest);
    return 0;
}
