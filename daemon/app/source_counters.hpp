#pragma once
// What the metrics say of a source since the start, in the form the history keeps each minute.
#include <string>

#include "daemon/ledger/entry.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan {

/// `source` is its name, such as "packet:uplink"; `label` what its metrics call it.
[[nodiscard]] ledger::Coverage source_counters(const std::string& source, const std::string& label,
                                               const Metrics& metrics, Timestamp now);

}  // namespace kentongan
