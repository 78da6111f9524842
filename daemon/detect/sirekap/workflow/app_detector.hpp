#pragma once
// AppDetector: what every detector of the application log has in common.
#include "daemon/detect/detector.hpp"
#include "daemon/detect/sirekap/workflow/app_event.hpp"

namespace kentongan::sirekap {

/// Wants the events of the log and reads them once.
class AppDetector : public Detector {
  public:
    [[nodiscard]] bool wants(EventKind kind) const override { return is_app_kind(kind); }
    [[nodiscard]] bool picks(const Event& event) const override { return is_app_act(event); }
    void inspect(const Event& event, FindingSink& out) final {
        if (const auto app = AppEvent::of(event); app && !app->dummy) inspect_act(*app, out);
    }

  protected:
    virtual void inspect_act(const AppEvent& app, FindingSink& out) = 0;
};

}  // namespace kentongan::sirekap
