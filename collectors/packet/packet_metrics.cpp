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
      flows_(metrics.flows.with({interface})),
      conflicts_(metrics.stream_conflicts.with({interface})),
      files_hashed_(metrics.wire_files.with({"hashed"})),
      files_too_large_(metrics.wire_files.with({"too_large"})),
      files_cut_(metrics.wire_files.with({"cut"})),
      files_refused_(metrics.wire_files.with({"refused"})) {
    for (std::size_t i = 1; i < kFaults; ++i)
        faults_.push_back(metrics.decode_errors.with({name_of(static_cast<Fault>(i))}));
    for (std::size_t i = 0; i < kTables; ++i)
        evicted_.push_back(metrics.dissector_evicted.with({name_of(static_cast<Table>(i))}));
}

void PacketMetrics::publish(const SensorCounts& now, std::size_t flows) {
    add(packets_, now.packets, published_.packets);
    add(bytes_, now.bytes, published_.bytes);
    add(flows_evicted_, now.flows_evicted, published_.flows_evicted);
    add(flows_summarised_, now.flows_summarised, published_.flows_summarised);
    add(gap_bytes_, now.gap_bytes, published_.gap_bytes);
    for (std::size_t i = 1; i < kFaults; ++i)
        add(faults_[i - 1], now.faults[i], published_.faults[i]);
    publish_content(now);
    flows_.set(static_cast<double>(flows));
    published_ = now;
}

void PacketMetrics::publish_content(const SensorCounts& now) {
    add(conflicts_, now.conflicts, published_.conflicts);
    add(files_hashed_, now.files.hashed, published_.files.hashed);
    add(files_too_large_, now.files.too_large, published_.files.too_large);
    add(files_cut_, now.files.cut, published_.files.cut);
    add(files_refused_, now.files.refused, published_.files.refused);
    for (std::size_t i = 0; i < kTables; ++i)
        add(evicted_[i], now.dissector_evicted[i], published_.dissector_evicted[i]);
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
