#include "daemon/detect/anomaly/phased_thresholds.hpp"

#include <utility>

namespace kentongan::anomaly {

namespace {

const AnomalyOptions* options_at(const PhaseTable& table, Timestamp now) {
    for (auto row = table.rows.rbegin(); row != table.rows.rend(); ++row)
        if (row->begins <= now && now < row->ends) return &row->options;
    return &table.otherwise;
}

}  // namespace

void PhasedThresholds::advance(Timestamp now, FindingSink& /*out*/) {
    auto table = slot_->load();
    const AnomalyOptions* options = options_at(*table, now);
    const bool same = std::exchange(table_, std::move(table)) != nullptr && options == governs_;
    if (same) return;
    governs_ = options;
    for (Tunable* one : tuned_) one->tune(*options);
}

}  // namespace kentongan::anomaly
