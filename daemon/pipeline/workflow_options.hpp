#pragma once
// From settings to what the detectors of the workflow of results take.
#include "daemon/config/config.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"

namespace kentongan {

/// Reads the lists that settings name. An error names the setting, or the file and its line.
[[nodiscard]] Result<sirekap::WorkflowOptions> workflow_options(const Config& config,
                                                                std::uint64_t seed);

}  // namespace kentongan
