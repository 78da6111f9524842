#pragma once
// All detectors that judge names, peers and volumes of network traffic.
#include <memory>
#include <vector>

#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

[[nodiscard]] std::vector<std::unique_ptr<Detector>> network_detectors(
    const AnomalyOptions& options);

}  // namespace kentongan::anomaly
