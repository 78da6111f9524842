#pragma once
// SuricataAlertDetector: an alert of Suricata (format `eve`) becomes a finding under its signature.
#include <map>
#include <memory>
#include <string>

#include "daemon/detect/detector.hpp"

namespace kentongan {

/// Stateless but for the rule objects it shares between findings: at most 2,048 signatures by
/// generator, id and revision. The ones beyond are findings of one rule "suricata:other" that name
/// the signature in their message; evicted() counts them.
///
/// Severity: Suricata's 1 to 4 are high, medium, low, info; a rule whose metadata says
/// signature_severity Critical is critical. EVE does not say who wrote a signature, so the author
/// is named as unknown.
class SuricataAlertDetector final : public Detector {
  public:
    SuricataAlertDetector();

    [[nodiscard]] std::string_view name() const override { return "suricata"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::notice; }
    void inspect(const Event& event, FindingSink& out) override;
    [[nodiscard]] std::uint64_t evicted() const override { return evicted_; }

  private:
    std::shared_ptr<const Rule> rule_of(const Event& event);

    std::map<std::string, std::shared_ptr<const Rule>, std::less<>> rules_;
    std::shared_ptr<const Rule> other_;
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan
