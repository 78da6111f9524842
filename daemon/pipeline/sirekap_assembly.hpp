#pragma once
// From the [sirekap] settings to its parts.
#include "daemon/pipeline/assembly.hpp"

namespace kentongan {

/// Adds the detectors of results, and when settings name a register those that need one. Blocking.
[[nodiscard]] Result<> add_sirekap_detectors(const Config& config, StatefulDetectors& out);

}  // namespace kentongan
