#pragma once
// Counts the TPS that have uploaded and tells when a kecamatan passes a step on its way to 100 %.
#include <memory>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/coverage.hpp"

namespace kentongan::sirekap {

/// An upload the server refused does not count. The finding names the area alone, neither the
/// account nor the address of the upload that tipped the scale.
class CoverageDetector final : public Detector {
  public:
    /// `coverage` is shared with its readers; a step is 1 to 100 per cent.
    CoverageDetector(std::shared_ptr<Coverage> coverage, std::int64_t step_percent);

    [[nodiscard]] std::string_view name() const override { return "sirekap.coverage"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::upload; }
    void inspect(const Event& event, FindingSink& out) override;
    [[nodiscard]] std::optional<std::string> checkpoint() override;
    [[nodiscard]] Result<> restore(std::string_view state) override;

  private:
    void tell(const Event& event, const AreaCoverage& kecamatan, FindingSink& out) const;

    std::shared_ptr<Coverage> coverage_;
    std::uint64_t step_percent_;
    bool changed_ = false;  // since the last checkpoint
};

}  // namespace kentongan::sirekap
