#pragma once
// Rulebook: one loading of all rules, immutable and shared by the lanes.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/detect/detector.hpp"
#include "daemon/detect/rule_status.hpp"

namespace kentongan {

class Rulebook {
  public:
    virtual ~Rulebook() = default;
    /// Detectors without state, for one lane.
    [[nodiscard]] virtual std::vector<std::unique_ptr<Detector>> lane_detectors() const = 0;
    [[nodiscard]] virtual const FileDetector& file_detector() const = 0;
};

}  // namespace kentongan
