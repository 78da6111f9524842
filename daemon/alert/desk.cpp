// Which alert a finding belongs to, and when an alert is over.
#include "daemon/alert/desk.hpp"

#include <algorithm>
#include <utility>

#include "daemon/alert/desk_case.hpp"
#include "daemon/alert/desk_rules.hpp"
#include "daemon/alert/merge.hpp"

namespace kentongan {

AlertDesk::AlertDesk(DeskOptions options, std::shared_ptr<const Routing> routing)
    : options_(std::move(options)),
      routing_(std::move(routing)),
      corroboration_(options_.corroboration),
      storms_(options_.storms),
      budgets_(options_.maximum_rules) {
    judge_by(options_.context);
    options_.merge_window = std::max<Duration>(options_.merge_window, std::chrono::seconds{1});
    options_.maximum_open = std::max<std::size_t>(options_.maximum_open, 1);
}
AlertDesk::~AlertDesk() = default;
AlertDesk::AlertDesk(AlertDesk&&) noexcept = default;
AlertDesk& AlertDesk::operator=(AlertDesk&&) noexcept = default;

void AlertDesk::route_by(std::shared_ptr<const Routing> routing) { routing_ = std::move(routing); }

void AlertDesk::judge_by(std::shared_ptr<const DeskContext> context) {
    context_ = context ? std::move(context) : std::make_shared<const DeskContext>();
}
void AlertDesk::suppress_by(std::shared_ptr<const Suppressions> suppressions) {
    suppressions_ = std::move(suppressions);
}

/// The tables beside the open alerts are filled from these again, as far as they tell.
void AlertDesk::resume(std::vector<Alert> open) {
    for (Alert& alert : open) {
        auto which = std::make_shared<Case>();
        which->key = key_of(alert.rule->id, alert.entity);
        which->window = std::max(options_.merge_window, alert.open_until - alert.last_seen);
        which->corroborated = std::ranges::any_of(alert.severity_reasons, [](const auto& why) {
            return why.starts_with("corroborated");
        });
        which->alert = std::move(alert);
        if (const CasePointer other = find(which->key)) {
            if (other->alert.last_seen >= which->alert.last_seen) continue;
            by_closing_.erase(other->order);
            open_.erase(other->key);
        }
        enter(which);
        remember(*which);
    }
}

void AlertDesk::remember(const Case& which) {
    const Alert& alert = which.alert;
    if (alert.storm) return storms_.resume(alert.storm->name, alert.last_seen);
    (void)budgets_.spend(alert.rule->id, alert.first_seen, 1);
    Finding testimony;
    testimony.rule = alert.rule;
    testimony.time = alert.last_seen;
    testimony.subject.source_ip = alert.subject.source_ip;
    if (!alert.evidence.empty()) testimony.evidence.push_back(alert.evidence.front());
    if (alert.suppressed.empty() && !is_own(*alert.rule))
        (void)corroboration_.hear(testimony, alert.severity, alert.entity, which.key);
}

void AlertDesk::take(Finding finding, std::optional<Timestamp> created) {
    const Timestamp at = created.value_or(finding.time);
    std::vector<std::string> reasons = judge(finding, *context_);
    Incoming in = incoming(std::move(finding), at);
    in.reasons = std::move(reasons);
    tell_of_freeze(in);
    CasePointer which = current(in);
    in.late = which && in.finding.time < which->alert.first_seen - options_.merge_window;
    if (in.late) which = nullptr;
    place(std::move(in), std::move(which));
}

AlertDesk::Incoming AlertDesk::incoming(Finding finding, Timestamp created) const {
    Incoming out;
    out.created = created;
    if (options_.exercise && !finding.message.starts_with(kExercisePrefix))
        finding.message.insert(0, kExercisePrefix);
    out.entity = entity_text(finding.entity);
    out.key = key_of(finding.rule->id, out.entity);
    if (suppressions_)
        out.suppression =
            suppressions_->find(finding.rule->id, out.entity, finding.subject.source_ip, created);
    out.finding = std::move(finding);
    return out;
}

/// Its open alert, after closing one that this finding comes too late for.
AlertDesk::CasePointer AlertDesk::current(const Incoming& in) {
    CasePointer which = find(in.key);
    if (!which || in.finding.time <= which->closes()) return which;
    close(which);
    return nullptr;
}

/// The desk's own notices are neither judged nor grouped nor budgeted: there is one an hour, or one
/// beside an alert that is told.
void AlertDesk::take_own(Finding notice, Timestamp created) {
    Incoming in = incoming(std::move(notice), created);
    CasePointer which = current(in);
    in.late = which && in.finding.time < which->alert.first_seen - options_.merge_window;
    if (which && !in.late) return merge(which, in);
    which = begin(in);
    merge(which, in);
    if (!in.late) enter(which);
}

/// Of watched files; other findings of the ruleset are no changes.
void AlertDesk::tell_of_freeze(const Incoming& in) {
    const Rule& rule = *in.finding.rule;
    if (rule.ruleset != Ruleset::integrity || in.finding.subject.file_path.empty()) return;
    const Phase* phase = context_->calendar.at(in.finding.time);
    if (phase == nullptr || !phase->change_freeze) return;
    take_own(freeze_notice(*phase, in.finding.time, in.entity, in.finding.message,
                           severity_of(in.finding), rule.rule_class),
             in.created);
}

void AlertDesk::advance(Timestamp now) {
    while (!by_closing_.empty()) {
        const CasePointer oldest = by_closing_.begin()->second;
        if (oldest->closes() >= now) return;
        close(oldest);
    }
}

std::vector<AlertChange> AlertDesk::take_changes() {
    std::vector<AlertChange> out;
    out.reserve(changed_.size());
    for (const CasePointer& which : changed_) out.push_back(change_of(*which));
    changed_.clear();
    return out;
}

std::array<std::pair<std::string_view, std::uint64_t>, 3> AlertDesk::evicted() const {
    return {{{"alert.corroboration", corroboration_.evicted()},
             {"alert.storms", storms_.evicted()},
             {"alert.budgets", budgets_.evicted()}}};
}

AlertDesk::CasePointer AlertDesk::find(const std::string& key) const {
    const auto found = open_.find(key);
    return found == open_.end() ? nullptr : found->second;
}

/// Puts a case among the open ones; the one that was quiet for longest makes room.
void AlertDesk::enter(const CasePointer& which) {
    if (open_.size() >= options_.maximum_open) {
        close(CasePointer{by_closing_.begin()->second});
        ++closed_early_;
    }
    which->order = {which->closes(), ++serial_};
    open_.emplace(which->key, which);
    by_closing_.emplace(which->order, which);
}

void AlertDesk::close(const CasePointer& which) {
    by_closing_.erase(which->order);
    open_.erase(which->key);
    which->closed = true;
    if (which->alert.storm) storms_.forget(which->alert.storm->name);
    mark_changed(which);
}

void AlertDesk::mark_changed(const CasePointer& which) {
    if (!std::exchange(which->changed, true)) changed_.push_back(which);
}

/// Hands out what changed, and routes the alert at its present severity.
AlertChange AlertDesk::change_of(Case& which) const {
    AlertChange out;
    out.created = std::exchange(which.created, false);
    out.escalated = std::exchange(which.escalated, false) && !out.created;
    out.updated = std::exchange(which.updated, false);
    out.closed = which.closed;
    which.changed = false;
    if (Alert& alert = which.alert; alert.suppressed.empty()) {
        if (routing_ && out.updated) route(alert, out);
        if (alert.told == 0) alert.told = alert.count;
        out.grown = alert.count >= alert.told * 10 || (out.closed && alert.count > alert.told);
        if (out.escalated || out.grown) alert.told = alert.count;
    } else if (routing_) {
        alert.tlp = routing_->tlp(alert);
    }
    out.alert = which.alert;
    return out;
}

/// An agency once told stays in the alert's list, even when the routing file drops it later.
void AlertDesk::route(Alert& alert, AlertChange& change) const {
    change.routes = routing_->route(alert);
    alert.tlp = routing_->tlp(alert);
    const auto told = [&](const std::string& agency) {
        return std::ranges::find(alert.agencies, agency) != alert.agencies.end();
    };
    for (const Route& route : change.routes)
        if (!told(route.agency)) change.newly_told.push_back(route.agency);
    alert.agencies.insert(alert.agencies.end(), change.newly_told.begin(), change.newly_told.end());
    std::ranges::sort(alert.agencies, {}, [&](const std::string& agency) {
        return std::ranges::find(routing_->agencies(), agency) - routing_->agencies().begin();
    });
}

}  // namespace kentongan
