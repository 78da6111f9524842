#pragma once
// Carries what a stage's detectors count over to the metrics.
#include <memory>
#include <vector>

#include "daemon/detect/detector.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan {

/// Remembers what was published of each detector, by its place in the list. One thread.
class DetectorCounts {
  public:
    explicit DetectorCounts(Metrics& metrics) : metrics_(metrics) {}

    /// The detectors are others now, and begin counting anew.
    void clear() { published_.clear(); }
    /// Publishes what was added since the last call.
    void publish(const std::vector<std::unique_ptr<Detector>>& detectors);

  private:
    struct Published {
        std::uint64_t evicted = 0;
        std::size_t entries = 0;
        std::vector<std::uint64_t> counts;
    };

    Metrics& metrics_;
    std::vector<Published> published_;
};

}  // namespace kentongan
