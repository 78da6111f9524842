// kentongan-bench-packets: what each part of the packet collector costs, a table by Google
// Benchmark; or, for tests/bench/run, one part alone on a real input.
//
//   --decode FILE      reads and decodes a capture, nothing else; prints the number of packets
//   --live INTERFACE   captures until standard input ends; prints what was received and what lost
#include "tests/bench/packets/parts.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <string_view>

#include "collectors/packet/capture.hpp"

namespace {

using namespace kentongan;
using namespace kentongan::packet;

int refuse(const Error& error) {
    fmt::print(stderr, "kentongan-bench-packets: {}\n", error.message);
    return error.exit_status();
}

int decode(const std::string& file) {
    Options options;
    options.file = file;
    auto capture = Capture::open_file(options);
    if (!capture) return refuse(capture.error());
    Decoder decoder({});
    std::uint64_t packets = 0;
    std::uint64_t payload = 0;
    Capture::Batch batch;
    while (!batch.ended)
        batch = capture->read(512, [&](const CapturedPacket& packet) {
            ++packets;
            payload +=
                decoder.decode({packet.linktype, packet.bytes, packet.wire_bytes, packet.time})
                    .payload_bytes;
        });
    fmt::print("{{\"packets\":{},\"payload_bytes\":{}}}\n", packets, payload);
    return 0;
}

/// Everything the lane does with a packet, without rules.
int live(const std::string& interface) {
    Options options;
    options.interface = interface;
    options.promiscuous = true;
    auto capture = Capture::open_live(options);
    if (!capture) return refuse(capture.error());
    Sensor sensor("live", options, 1);
    bench::CountingSink sink;
    fmt::print("ready\n");
    std::fflush(stdout);
    pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {capture->descriptor(), POLLIN, 0}};
    std::uint64_t received = 0;
    bool asked_to_end = false;
    for (;;) {
        const auto batch =
            capture->read(512, [&](const CapturedPacket& packet) { sensor.packet(packet, sink); });
        received += static_cast<std::uint64_t>(batch.packets);
        if (batch.ended)
            return refuse(fail(ErrorCode::temporary, "{}: {}", interface, batch.failure).error());
        if (batch.packets > 0) continue;
        if (asked_to_end) break;
        ::poll(waits, 2, 1000);
        asked_to_end = (waits[0].revents & (POLLIN | POLLHUP)) != 0;
    }
    const CaptureDrops drops = capture->drops();
    fmt::print("{{\"received\":{},\"kernel_drops\":{},\"interface_drops\":{},\"events\":{}}}\n",
               received, drops.kernel, drops.nic, sink.events);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc == 3 ? argv[1] : "";
    if (what == "--decode") return decode(argv[2]);
    if (what == "--live") return live(argv[2]);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 64;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
