#include "collectors/packet/packet_metrics.hpp"

namespace kentongan::packet {

namespace {

void add(Counter& counter, std::uint64_t now, std::uint64_t before) {
    if (now != before) counter.add(static_cast<double>(now - before));
}

}  // namespace

PacketMetrics::PacketMetrics(Metrics& metrics, std::string_view interface)
    : packets_(metrics.capture_packets.with({interface})),
      bytes_(metrics.capture_bytes.with({interface})),
      kernel_drops_(metrics.capture_kernel_drops.with({interface})),
      nic_drops_(metrics.capture_nic_drops.with({interface})),
      flows_evicted_(metrics.flows_evicted.with({interface})),
      flows_summarised_(metrics.flows_summarised.with({interface})),
      gap_bytes_(metrics.stream_gap_bytes.with()),
      reopens_(metrics.capture_reopens.with({interface})),
      flows_(metrics.flows.with({interface})) {
    for (std::size_t i = 1; i < kFaults; ++i)
        faults_.push_back(metrics.decode_errors.with({name_of(static_cast<Fault>(i))}));
}

void PacketMetrics::publish(const SensorCounts& now, std::size_t flows) {
    add(packets_, now.packets, published_.packets);
    add(bytes_, now.bytes, published_.bytes);
    add(flows_evicted_, now.flows_evicted, published_.flows_evicted);
    add(flows_summarised_, now.flows_summarised, published_.flows_summarised);
    add(gap_bytes_, now.gap_bytes, published_.gap_bytes);
    for (std::size_t i = 1; i < kFaults; ++i)
        add(faults_[i - 1], now.faults[i], published_.faults[i]);
    flows_.set(static_cast<double>(flows));
    published_ = now;
}

void PacketMetrics::publish(const CaptureDrops& now) {
    add(kernel_drops_, static_cast<std::uint32_t>(now.kernel - drops_.kernel), 0);
    add(nic_drops_, static_cast<std::uint32_t>(now.nic - drops_.nic), 0);
    drops_ = now;
}

void PacketMetrics::reopened() {
    drops_ = {};
    reopens_.add();
}

}  // namespace kentongan::packet
