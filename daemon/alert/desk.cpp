// Which alert a finding belongs to, and when an alert is over.
#include "daemon/alert/desk.hpp"

#include <algorithm>
#include <utility>

#include "daemon/alert/merge.hpp"

namespace kentongan {

struct AlertDesk::Case {
    Alert alert;
    std::string key;
    Order order;
    Duration window{};  // from the last finding to the end

    [[nodiscard]] Timestamp closes() const { return alert.last_seen + window; }
    bool changed = false;  // is in changed_
    bool created = false;
    bool escalated = false;
    bool updated = false;
    bool closed = false;
};

namespace {
std::string key_of(const std::string& rule_id, const std::string& entity) {
    std::string out = rule_id;
    out += '\n';  // in no rule id
    return out += entity;
}
}  // namespace

AlertDesk::AlertDesk(DeskOptions options, std::shared_ptr<const Routing> routing)
    : options_(std::move(options)), routing_(std::move(routing)) {
    options_.merge_window = std::max<Duration>(options_.merge_window, std::chrono::seconds{1});
    options_.maximum_open = std::max<std::size_t>(options_.maximum_open, 1);
}
AlertDesk::~AlertDesk() = default;
AlertDesk::AlertDesk(AlertDesk&&) noexcept = default;
AlertDesk& AlertDesk::operator=(AlertDesk&&) noexcept = default;

void AlertDesk::route_by(std::shared_ptr<const Routing> routing) { routing_ = std::move(routing); }

void AlertDesk::resume(std::vector<Alert> open) {
    for (Alert& alert : open) {
        auto which = std::make_shared<Case>();
        which->key = key_of(alert.rule->id, alert.entity);
        which->window = options_.merge_window;
        which->alert = std::move(alert);
        if (const CasePointer other = find(which->key)) {
            if (other->alert.last_seen >= which->alert.last_seen) continue;
            by_closing_.erase(other->order);
            open_.erase(other->key);
        }
        enter(which);
    }
}

void AlertDesk::take(Finding finding, std::optional<Timestamp> created) {
    if (options_.exercise) finding.message.insert(0, kExercisePrefix);
    const std::string entity = entity_text(finding.entity);
    std::string key = key_of(finding.rule->id, entity);
    CasePointer which = find(key);
    if (which && finding.time > which->closes()) {
        close(which);
        which = nullptr;
    }
    const bool too_late = which && finding.time < which->alert.first_seen - options_.merge_window;
    if (which && !too_late) {
        merge(which, finding);
        return;
    }
    which = create(finding, std::move(key), entity);
    which->alert.created = created.value_or(finding.time);
    which->closed = too_late;
    merge(which, finding);
    if (!too_late) enter(which);
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

AlertDesk::CasePointer AlertDesk::find(const std::string& key) const {
    const auto found = open_.find(key);
    return found == open_.end() ? nullptr : found->second;
}

AlertDesk::CasePointer AlertDesk::create(const Finding& finding, std::string key,
                                         const std::string& entity) const {
    auto out = std::make_shared<Case>();
    out->alert = begin_alert(finding, entity);
    out->alert.hostname = options_.hostname;
    out->alert.exercise = options_.exercise;
    out->key = std::move(key);
    out->window = options_.merge_window;
    out->created = true;
    return out;
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

void AlertDesk::merge(const CasePointer& into, const Finding& finding) {
    const bool rose = merge_finding(into->alert, finding);
    into->window = std::max(into->window, finding.lasts);
    into->escalated = into->escalated || rose;
    into->updated = true;
    mark_changed(into);
    if (auto place = by_closing_.extract(into->order)) {
        place.key().first = into->order.first = into->closes();
        by_closing_.insert(std::move(place));
    }
}

void AlertDesk::close(const CasePointer& which) {
    by_closing_.erase(which->order);
    open_.erase(which->key);
    which->closed = true;
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
    if (routing_ && out.updated) route(which.alert, out);
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
