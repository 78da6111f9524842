#pragma once
// PhasedThresholds: gives detectors the thresholds of the election's phase, by event time.
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "daemon/detect/anomaly/tunable.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// Thresholds by phase. Immutable.
struct PhaseTable {
    struct Row {
        Timestamp begins{};
        Timestamp ends{};  ///< the first instant that is no longer of it
        AnomalyOptions options;
    };
    AnomalyOptions otherwise;
    std::vector<Row> rows;  ///< by begin; of those that overlap the last one governs
};

/// The table in force; may be exchanged from any thread.
using PhaseSlot = std::atomic<std::shared_ptr<const PhaseTable>>;

/// Comes before those that it tunes, so that they advance with the thresholds of that time. It
/// finds nothing itself.
class PhasedThresholds final : public Detector {
  public:
    /// `tuned` outlive it; the slot is never empty.
    PhasedThresholds(std::shared_ptr<const PhaseSlot> slot, std::vector<Tunable*> tuned)
        : slot_(std::move(slot)), tuned_(std::move(tuned)) {}

    [[nodiscard]] std::string_view name() const override { return "anomaly.phases"; }
    [[nodiscard]] bool wants(EventKind) const override { return false; }
    void inspect(const Event&, FindingSink&) override {}
    void advance(Timestamp now, FindingSink& out) override;

  private:
    std::shared_ptr<const PhaseSlot> slot_;
    std::vector<Tunable*> tuned_;
    std::shared_ptr<const PhaseTable> table_;  // that governs_ is of
    const AnomalyOptions* governs_ = nullptr;  // as last given out
};

}  // namespace kentongan::anomaly
