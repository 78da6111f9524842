#pragma once
// EarlyUploadDetector: forms that are there before their polls closed.
#include "daemon/detect/sirekap/workflow/app_detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"

namespace kentongan::sirekap {

/// R05, by the clock of the TPS's province and by the receiving server's time:
/// - before the close: high. Overseas TPS (99) vote on days of their own and are not judged;
/// - within twenty minutes after it: low, for nobody counts so fast; one alert a kabupaten;
/// - after that, but photographed before the close by the client's word (the age it states):
///   medium; the telephone's clock may be wrong.
/// A TPS that votes again (PSU) or later (PSL) has another close on that day; what votes on
/// another day instead has that one alone. Rehearsals and the app's training mode are silent.
/// Refused uploads are low. Check the server's clock first.
class EarlyUploadDetector final : public AppDetector {
  public:
    explicit EarlyUploadDetector(std::shared_ptr<const WorkflowOptions> options)
        : options_(std::move(options)) {}

    [[nodiscard]] std::string_view name() const override { return "sirekap.early-upload"; }

  private:
    void inspect_act(const AppEvent& app, FindingSink& out) override;
    [[nodiscard]] Timestamp close_that_counts(std::string_view tps, Timestamp time) const;

    std::shared_ptr<const WorkflowOptions> options_;
    FewEntities few_;
};

}  // namespace kentongan::sirekap
