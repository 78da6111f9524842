#pragma once
// Tunable: a detector whose thresholds may change while it runs.
#include "daemon/detect/anomaly/options.hpp"

namespace kentongan::anomaly {

class Tunable {
  public:
    virtual ~Tunable() = default;
    /// From the next event on its thresholds are these; sizes of tables, windows and lists stay.
    virtual void tune(const AnomalyOptions& options) = 0;
};

}  // namespace kentongan::anomaly
