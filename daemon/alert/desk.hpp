#pragma once
// AlertDesk: merges findings into alerts, so that one attack is one alert whatever its size.
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/alert/alert.hpp"
#include "daemon/alert/corroboration.hpp"
#include "daemon/alert/routing.hpp"
#include "daemon/alert/severity.hpp"
#include "daemon/alert/storms.hpp"
#include "daemon/alert/suppression.hpp"

namespace kentongan {

/// Of the messages of an exercise, for people who see nothing but them.
inline constexpr std::string_view kExercisePrefix = "LATIHAN (exercise): ";

struct DeskOptions {
    Duration merge_window = std::chrono::minutes{10};  ///< at least 1 s
    std::size_t maximum_open = 100000;
    std::string hostname{};  ///< of the sensor
    bool exercise = false;
    StormOptions storms{};                         ///< off unless set
    CorroborationOptions corroboration{};          ///< off unless set
    std::size_t maximum_rules = 65536;             ///< whose budgets are counted at once
    std::shared_ptr<const DeskContext> context{};  ///< as judge_by
};

/// An alert as it is now, and what became of it since the last take_changes().
struct AlertChange {
    Alert alert;
    bool created = false;
    bool escalated = false;     ///< its severity rose after it was created
    bool updated = false;       ///< findings were merged (also when created): the store has to know
    bool closed = false;        ///< no more findings will be merged; without updated, nothing else
    bool grown = false;         ///< ten times what was told last; or over, and more than that
    std::vector<Route> routes;  ///< who gets it now, in order; empty unless updated
    std::vector<std::string> newly_told;  ///< agencies of `routes` that were not told of it before
};

/// Findings of one rule about one entity are one alert while each comes within the merge window
/// (event time) of those before, or within what a finding says it lasts. An alert's id comes from
/// its first finding. Severity only rises, counts add up, lists are unique and capped, message and
/// rule are the newest's, evidence the first. Findings may be late: up to a window before the first
/// they widen the alert, earlier ones make an alert of their own that is closed at once.
///
/// Severity is what judge() makes of the finding, one step more where it is corroborated. An alert
/// all of whose findings a suppression covers is suppressed; so is one below high that is beyond
/// its rule's budget, until it becomes high. Nobody is told of those, and they are stored like all
/// others. Below high, what a storm brings goes into the storm's alert. What is high or critical is
/// never grouped and never over budget.
///
/// Pure and deterministic: the same findings in the same order give the same changes in the same
/// order. One thread. Text is made valid UTF-8 here, once for all that follows.
class AlertDesk {
  public:
    AlertDesk(DeskOptions options, std::shared_ptr<const Routing> routing);
    ~AlertDesk();
    AlertDesk(AlertDesk&&) noexcept;
    AlertDesk& operator=(AlertDesk&&) noexcept;

    /// Goes on merging into the alerts of before a restart (AlertStore::open_alerts).
    void resume(std::vector<Alert> open);
    /// `created` stamps a new alert; without it, event time does.
    void take(Finding finding, std::optional<Timestamp> created = std::nullopt);
    /// Event time has reached `now`: alerts without a finding for a window are closed.
    void advance(Timestamp now);
    /// From here on alerts are routed by this table.
    void route_by(std::shared_ptr<const Routing> routing);
    /// From here on severities and budgets follow this context; null: none.
    void judge_by(std::shared_ptr<const DeskContext> context);
    /// From here on these suppressions apply; null: none. An alert that was told of goes on being
    /// told of until it closes.
    void suppress_by(std::shared_ptr<const Suppressions> suppressions);
    [[nodiscard]] const DeskContext& context() const { return *context_; }

    /// Alerts created, updated or closed since the last call, in the order in which they first
    /// changed. An alert that got a thousand findings in between is in it once.
    [[nodiscard]] std::vector<AlertChange> take_changes();

    [[nodiscard]] std::size_t open() const { return open_.size(); }
    /// Alerts closed before their time because there were too many.
    [[nodiscard]] std::uint64_t closed_early() const { return closed_early_; }
    /// Alerts that went into the alert of a storm, by severity.
    [[nodiscard]] const std::array<std::uint64_t, 5>& grouped() const { return grouped_; }
    /// Entries that the tables beside the open alerts pushed out, by table.
    [[nodiscard]] std::array<std::pair<std::string_view, std::uint64_t>, 3> evicted() const;

  private:
    struct Case;
    using CasePointer = std::shared_ptr<Case>;
    using Order = std::pair<Timestamp, std::uint64_t>;  // when it closes, then serial

    /// A finding on its way to its alert.
    struct Incoming {
        Finding finding;
        std::string entity;
        std::string key;
        Timestamp created{};
        std::vector<std::string> reasons{};
        const Suppression* suppression = nullptr;
        bool corroborated = false;
        bool late = false;  // older than a window before its alert's first: an alert of its own
    };

    [[nodiscard]] CasePointer find(const std::string& key) const;
    void remember(const Case& which);
    [[nodiscard]] Incoming incoming(Finding finding, Timestamp created) const;
    [[nodiscard]] CasePointer current(const Incoming& in);
    void tell_of_freeze(const Incoming& in);
    void take_own(Finding notice, Timestamp created);
    void place(Incoming in, CasePointer which);
    void corroborate(Incoming& in, const CasePointer& which);
    void raise(const Corroboration::Verdict& verdict);
    [[nodiscard]] CasePointer begin(const Incoming& in);
    [[nodiscard]] CasePointer join_storm(Incoming& in);
    void spend_budget(const Incoming& in, Alert& alert);
    void enter(const CasePointer& which);
    void merge(const CasePointer& into, const Incoming& in);
    void close(const CasePointer& which);
    void mark_changed(const CasePointer& which);
    [[nodiscard]] AlertChange change_of(Case& which) const;
    void route(Alert& alert, AlertChange& change) const;

    DeskOptions options_;
    std::shared_ptr<const Routing> routing_;
    std::shared_ptr<const DeskContext> context_;  // never null
    std::shared_ptr<const Suppressions> suppressions_;
    Corroboration corroboration_;
    Storms storms_;
    Budgets budgets_;
    std::array<std::uint64_t, 5> grouped_{};
    std::unordered_map<std::string, CasePointer> open_;  // by rule id and entity
    std::map<Order, CasePointer> by_closing_;
    std::vector<CasePointer> changed_;
    std::uint64_t serial_ = 0;
    std::uint64_t closed_early_ = 0;
};

}  // namespace kentongan
