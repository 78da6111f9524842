// The benchmarks: each plays its traffic through the whole sensor, but `decode`, which stops where
// a packet's layers are known.
#include "tests/bench/packets/parts.hpp"

#include <benchmark/benchmark.h>

#include "daemon/detect/loaded_rules.hpp"
#include "tests/support/project.hpp"

namespace kentongan::packet::bench {

namespace {

/// Gives what would be scanned to the YARA rules of rules/.
class ScanningSink final : public CountingSink, private FindingSink {
  public:
    ScanningSink() {
        std::vector<RuleStatus> statuses;
        auto rules = LoadedRules::load({project_root() / "rules/yara"}, statuses);
        if (rules) detectors_ = (*rules)->lane_detectors();
    }
    void emit(const Event& event) override {
        CountingSink::emit(event);
        for (const auto& detector : detectors_)
            if (detector->wants(event.kind)) detector->inspect(event, *this);
    }
    bool wants(EventKind) const override { return true; }
    std::size_t findings = 0;

  private:
    void report(Finding) override { ++findings; }
    void report_hit(std::shared_ptr<const Hit>) override {}
    std::vector<std::unique_ptr<Detector>> detectors_;
};

void count(benchmark::State& state, const Traffic& traffic) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(traffic.frames.size()));
    state.SetBytesProcessed(state.iterations() * traffic.bytes);
}

void play(benchmark::State& state, const Traffic& traffic, EventSink& sink, Options options = {}) {
    for (auto _ : state) {
        Sensor sensor("bench", options, 1);
        for (const TimedFrame& frame : traffic.frames)
            sensor.packet({1, frame.time, as_bytes(frame.bytes), frame.bytes.size()}, sink);
        sensor.finish(sink);
    }
    count(state, traffic);
}

void play(benchmark::State& state, const Traffic& traffic) {
    CountingSink sink;
    play(state, traffic, sink);
}

void decode(benchmark::State& state) {
    const Traffic traffic = pages(2000);
    Decoder decoder({});
    for (auto _ : state)
        for (const TimedFrame& frame : traffic.frames)
            benchmark::DoNotOptimize(
                decoder.decode({1, as_bytes(frame.bytes), frame.bytes.size(), frame.time})
                    .payload_bytes);
    count(state, traffic);
}
void flows(benchmark::State& state) { play(state, handshakes(20'000)); }
void streams(benchmark::State& state) { play(state, bulk(16, false)); }
void streams_reordered(benchmark::State& state) { play(state, bulk(16, true)); }
void http(benchmark::State& state) { play(state, pages(2000)); }
void tls(benchmark::State& state) { play(state, hellos(5000)); }
void dns(benchmark::State& state) { play(state, names(20'000)); }
/// Every byte is looked at: the cap on a stream is above its size.
void yara_on_streams(benchmark::State& state) {
    Options options;
    options.stream_bytes = 64 << 20;
    ScanningSink sink;
    play(state, bulk(4, false), sink, options);
}

BENCHMARK(decode)->Unit(benchmark::kMillisecond);
BENCHMARK(flows)->Unit(benchmark::kMillisecond);
BENCHMARK(streams)->Unit(benchmark::kMillisecond);
BENCHMARK(streams_reordered)->Unit(benchmark::kMillisecond);
BENCHMARK(http)->Unit(benchmark::kMillisecond);
BENCHMARK(tls)->Unit(benchmark::kMillisecond);
BENCHMARK(dns)->Unit(benchmark::kMillisecond);
BENCHMARK(yara_on_streams)->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace kentongan::packet::bench
