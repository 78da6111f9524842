#pragma once
// Tells when a kecamatan passes a step on its way to 100 %.
#include "daemon/alert/finding.hpp"
#include "daemon/detect/sirekap/coverage.hpp"
#include "daemon/event/event.hpp"

namespace kentongan::sirekap {

/// The finding names the area alone, neither the account nor the address of the upload that tipped
/// the scale.
class CoverageSteps {
  public:
    /// A step is 1 to 100 per cent.
    explicit CoverageSteps(std::int64_t step_percent);

    /// The first page of one more TPS of the kecamatan has arrived.
    void take(const Event& event, const Coverage& coverage, std::uint32_t kecamatan,
              FindingSink& out) const;

  private:
    std::uint64_t step_percent_;
};

}  // namespace kentongan::sirekap
