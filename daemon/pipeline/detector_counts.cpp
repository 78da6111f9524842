// Carries what a stage's detectors count over to the metrics.
#include "daemon/pipeline/detector_counts.hpp"

#include <utility>

namespace kentongan {

void DetectorCounts::publish(const std::vector<std::unique_ptr<Detector>>& detectors) {
    published_.resize(detectors.size());
    for (std::size_t i = 0; i < detectors.size(); ++i) {
        const Detector& detector = *detectors[i];
        Published& before = published_[i];
        if (const auto evicted = detector.evicted(); evicted != before.evicted)
            metrics_.detector_evicted.with({detector.name()})
                .add(static_cast<double>(evicted - std::exchange(before.evicted, evicted)));
        if (const auto entries = detector.entries(); entries != before.entries)
            metrics_.detector_entries.with({detector.name()})
                .set(static_cast<double>(before.entries = entries));
        const auto counts = detector.counts();
        before.counts.resize(counts.size());
        for (std::size_t k = 0; k < counts.size(); ++k)
            if (const auto [name, total] = counts[k]; total != before.counts[k])
                metrics_.detector_counts.with({detector.name(), name})
                    .add(static_cast<double>(total - std::exchange(before.counts[k], total)));
    }
}

}  // namespace kentongan
