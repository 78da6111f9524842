#pragma once
// ChangeDetector: follows each TPS through the workflow and finds changes that it does not have.
#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/anomaly/recent_set.hpp"
#include "daemon/detect/sirekap/workflow/app_detector.hpp"
#include "daemon/detect/sirekap/workflow/options.hpp"
#include "daemon/detect/sirekap/workflow/telling.hpp"
#include "daemon/detect/sirekap/workflow/tps_states.hpp"

namespace kentongan::sirekap {

/// R10: numbers of a TPS that is verified or final change, and there is not all of: a reason, a
/// second person, and either the TPS reopened before or the plenary of that level in session (where
/// no plenary of the level is declared, that last part is not asked for).
/// R11: results edited through the administration or the SQL console, or by a role that has no
/// part in it or whose turn it is not; steps that the workflow does not have, and stages that
/// changed without an event; ten TPS edited by one account within a minute.
/// In a declared change window none of this is told but one card.
///
/// What the log says of the stage (statusFrom, statusTo) counts before what was followed. A stage
/// that follows from acts alone is never the ground for "changed without an event", since a log
/// may leave acts out. Calls that the server refused changed nothing.
class ChangeDetector final : public AppDetector {
  public:
    explicit ChangeDetector(std::shared_ptr<const WorkflowOptions> options);

    [[nodiscard]] std::string_view name() const override { return "sirekap.changes"; }
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::optional<std::string> checkpoint() override;
    [[nodiscard]] Result<> restore(std::string_view state) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return states_.size(); }

  private:
    void inspect_act(const AppEvent& app, FindingSink& out) override;

    struct Editor {
        anomaly::RecentSet tps;
    };
    struct Step {
        const AppEvent& app;
        TpsState& state;
        Stage before;
        Stage after;
    };

    void judge(const Step& step, FindingSink& out);
    void check_way(const Step& step, FindingSink& out);
    void check_change(const Step& step, FindingSink& out);
    void check_turn(const Step& step, FindingSink& out);
    void note_edit(const AppEvent& app, FindingSink& out);
    void edited_past(const AppEvent& app, FindingSink& out);
    void take(const Step& step);
    void tell(const RulePointer& rule, const AppEvent& app, std::string_view what, FindingSink& out,
              std::optional<Severity> severity = std::nullopt);
    [[nodiscard]] Level level_of(std::string_view role) const;
    [[nodiscard]] bool is_technical(std::string_view role) const;
    [[nodiscard]] bool is_result_table(std::string_view object) const;

    std::shared_ptr<const WorkflowOptions> options_;
    TpsStates states_;
    anomaly::KeyedHash hash_;
    anomaly::LruTable<std::string, Editor> editors_;
    FewEntities few_;
    WindowCards cards_;
    bool changed_ = false;  // since the last checkpoint
    Timestamp now_{};
    Timestamp next_large_save_{};
};

}  // namespace kentongan::sirekap
