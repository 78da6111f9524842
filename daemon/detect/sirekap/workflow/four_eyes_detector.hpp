#pragma once
// FourEyesDetector: a change and its approval that come from one hand.
#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/sirekap/workflow/app_detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"

namespace kentongan::sirekap {

/// I07, over the events of one TPS: somebody corrects or answers for its numbers, and within ten
/// minutes somebody else verifies them or makes them final
/// - on the same device or in the same session: high;
/// - from the same address only: low, for an office has one address for all.
/// And: who corrected a TPS after it was verified, verifies it again oneself, within a day: high.
/// One event whose approver is its own account is a Sigma rule's matter.
class FourEyesDetector final : public AppDetector {
  public:
    explicit FourEyesDetector(const WorkflowOptions& options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.four-eyes"; }
    void advance(Timestamp now, FindingSink&) override { changes_.expire(now); }
    [[nodiscard]] std::uint64_t evicted() const override { return changes_.evicted(); }
    [[nodiscard]] std::size_t entries() const override { return changes_.size(); }

  private:
    struct Change {
        std::string account;
        std::string device;
        std::string session;
        std::optional<IpAddress> ip;
        Timestamp time{};
        bool late = false;      // after it was verified
        bool verified = false;  // since the change
    };

    void inspect_act(const AppEvent& app, FindingSink& out) override;
    void note(const AppEvent& app);
    void judge(const AppEvent& app, Change& change, FindingSink& out);

    anomaly::LruTable<std::string, Change> changes_;  // by TPS
    FewEntities few_;
};

}  // namespace kentongan::sirekap
