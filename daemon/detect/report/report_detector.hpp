#pragma once
// ReportDetector: a record of each citizen's report, and what many of them say together.
#include <optional>

#include "daemon/detect/detector.hpp"
#include "daemon/detect/report/area_scan.hpp"
#include "daemon/detect/report/corroborator.hpp"
#include "daemon/detect/report/text_clusters.hpp"

namespace kentongan::report {

/// For `report` events. Each is an alert of its own, of severity info (its entity is the ticket);
/// clusters of texts (C01), areas with too many (C02) and corroboration (C03) come on top. What
/// people wrote is in the evidence only, never in a message.
class ReportDetector final : public Detector {
  public:
    struct Options {
        std::vector<Population> areas;  ///< none: no scan for areas
        std::uint64_t seed = 0;         ///< secret when live, fixed in a replay
    };
    explicit ReportDetector(Options options);

    [[nodiscard]] std::string_view name() const override { return "report"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::report; }
    void inspect(const Event& event, FindingSink& out) override;
    [[nodiscard]] bool reviews() const override { return true; }
    void review(Finding& finding) override { corroborator_.review(finding); }
    [[nodiscard]] std::uint64_t evicted() const override;

  private:
    [[nodiscard]] Sighting sighting_of(const Event& event) const;
    void tell(const Event& event, const Sighting& report, FindingSink& out) const;
    void tell_cluster(const Event& event, const TextClusters::Card& card, FindingSink& out) const;
    void tell_excess(const Event& event, const AreaScan::Excess& excess, FindingSink& out) const;

    std::uint64_t seed_;
    TextClusters texts_;
    std::optional<AreaScan> scan_;
    Corroborator corroborator_;
    Timestamp now_{};  // of the newest report; times do not go back from there
};

}  // namespace kentongan::report
