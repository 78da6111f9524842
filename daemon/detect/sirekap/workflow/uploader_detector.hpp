#pragma once
// UploaderDetector: forms that come from an account, a device or a place that is not the TPS's.
#include <vector>

#include "daemon/detect/sirekap/workflow/app_detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/replacements.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"

namespace kentongan::sirekap {

/// R04, of each upload; what the list of assignments, or a replacement that the log recorded before
/// the upload, explains is left out of every count:
/// - the account, or the device, is not among those of the TPS but the list knows better ones;
/// - a device uploads for three TPS within a day, or for two that are not neighbours. All of one
///   kelurahan is low: where the signal is poor its office sends for many;
/// - an account uploads for three TPS, a TPS is uploaded by three accounts, within a day;
/// - the telephone is more than five kilometres from the TPS, where both are known: medium.
/// High is critical where the server accepted the form, medium where it refused.
class UploaderDetector final : public AppDetector {
  public:
    explicit UploaderDetector(std::shared_ptr<const WorkflowOptions> options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.uploader"; }
    void advance(Timestamp now, FindingSink&) override;
    [[nodiscard]] std::optional<std::string> checkpoint() override { return replacements_.save(); }
    [[nodiscard]] Result<> restore(std::string_view state) override {
        return replacements_.restore(state);
    }
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override {
        return devices_.size() + accounts_.size() + tps_.size();
    }

  private:
    /// Up to four different values of the last day.
    struct Few {
        struct Seen {
            std::uint64_t value = 0;
            Timestamp time{};
        };
        std::vector<Seen> values;
        void add(std::uint64_t value, Timestamp time);
        [[nodiscard]] bool holds(std::uint64_t value) const;
    };
    struct Verdict {
        std::vector<std::string> reasons;
        Severity severity = Severity::info;  // were it accepted
        std::string entity;                  // empty: the TPS
        void add(std::string reason, Severity worst);
    };

    void inspect_act(const AppEvent& app, FindingSink& out) override;
    void check_assignment(const AppEvent& app, bool& account_fits, bool& device_fits,
                          Verdict& verdict);
    void check_device(const AppEvent& app, Verdict& verdict);
    void check_account(const AppEvent& app, Verdict& verdict);
    void check_tps(const AppEvent& app, Verdict& verdict);
    void check_place(const AppEvent& app, Verdict& verdict) const;
    void tell(const AppEvent& app, Verdict verdict, FindingSink& out);

    std::shared_ptr<const WorkflowOptions> options_;
    anomaly::KeyedHash hash_;
    Replacements replacements_;
    anomaly::LruTable<std::string, Few> devices_;   // TPS of each
    anomaly::LruTable<std::string, Few> accounts_;  // TPS of each
    anomaly::LruTable<std::string, Few> tps_;       // accounts of each, hashed
    FewEntities few_;
};

}  // namespace kentongan::sirekap
