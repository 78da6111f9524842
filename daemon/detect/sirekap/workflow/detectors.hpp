#pragma once
// All detectors of the workflow of results, built from settings.
#include <memory>
#include <vector>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"

namespace kentongan::sirekap {

[[nodiscard]] std::vector<std::unique_ptr<Detector>> workflow_detectors(WorkflowOptions options);

}  // namespace kentongan::sirekap
