#pragma once
// Puts a sensor's counts into the process's metrics, as differences, once a batch.
#include <string_view>
#include <vector>

#include "collectors/packet/capture.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::packet {

class PacketMetrics {
  public:
    /// `interface`: the label; an interface's name or "file".
    PacketMetrics(Metrics& metrics, std::string_view interface);

    void publish(const SensorCounts& counts, std::size_t flows);
    /// Drops are since the capture was opened; call reopened() when that is a new one.
    void publish(const CaptureDrops& drops);
    void reopened();

  private:
    void publish_content(const SensorCounts& now);

    Counter packets_;
    Counter bytes_;
    Counter kernel_drops_;
    Counter nic_drops_;
    Counter flows_evicted_;
    Counter flows_summarised_;
    Counter gap_bytes_;
    Counter reopens_;
    Gauge flows_;
    Counter conflicts_;
    Counter files_hashed_;
    Counter files_too_large_;
    Counter files_cut_;
    Counter files_refused_;
    std::vector<Counter> faults_;
    std::vector<Counter> evicted_;  // by Table
    SensorCounts published_;
    CaptureDrops drops_;
};

}  // namespace kentongan::packet
