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

    /// Lanes never compile: what they lack for the events they saw is compiled elsewhere, and until
    /// it is there they find the same by slower means. True for one caller at a time, when there is
    /// something to compile; compile_wanted() is then its duty. Thread-safe.
    [[nodiscard]] virtual bool take_duty() const { return false; }
    /// Blocking, up to seconds; on a scan thread.
    virtual void compile_wanted() const {}
};

}  // namespace kentongan
