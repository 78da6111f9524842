// How a finding finds its place: an open alert, a new one, or that of a storm; and what it does to
// the severity of alerts.
#include <algorithm>
#include <utility>

#include "daemon/alert/desk.hpp"
#include "daemon/alert/desk_case.hpp"
#include "daemon/alert/desk_rules.hpp"
#include "daemon/alert/merge.hpp"

namespace kentongan {

namespace {

void add_reason(Alert& alert, const std::string& reason) {
    if (alert.severity_reasons.size() >= Alert::kMaximumReasons) return;
    if (std::ranges::find(alert.severity_reasons, reason) == alert.severity_reasons.end())
        alert.severity_reasons.push_back(reason);
}

void add_sample(std::vector<std::string>& list, std::string value) {
    if (list.size() < Storm::kMaximumSamples) list.push_back(std::move(value));
}

}  // namespace

void AlertDesk::place(Incoming in, CasePointer which) {
    corroborate(in, which);
    if (!which) which = join_storm(in);
    if (!which) {
        which = begin(in);
        if (in.suppression == nullptr) spend_budget(in, which->alert);
        merge(which, in);
        if (!in.late) enter(which);
        return;
    }
    merge(which, in);
}

/// Findings of an alert that said the same a moment ago add nothing; neither do suppressed ones.
void AlertDesk::corroborate(Incoming& in, const CasePointer& which) {
    if (!corroboration_.on()) return;
    in.corroborated = which && which->corroborated;
    const Finding& finding = in.finding;
    const Duration since = which ? finding.time - which->testified : Duration::max();
    const bool said = which && which->testified_about == finding.subject.source_ip &&
                      since >= Duration{0} && since < corroboration_.options().window / 4;
    if (!said && in.suppression == nullptr && !in.late) {
        if (which) {
            which->testified = finding.time;
            which->testified_about = finding.subject.source_ip;
        }
        const auto verdict = corroboration_.hear(finding, severity_of(finding), in.entity, in.key);
        if (verdict) {
            in.corroborated = true;
            in.reasons.push_back(verdict->reason);
            raise(*verdict);
        }
    }
    if (in.corroborated) in.finding.severity = one_step_up(severity_of(finding));
}

/// Every alert that agrees rises once.
void AlertDesk::raise(const Corroboration::Verdict& verdict) {
    for (const std::string& key : verdict.alerts) {
        const CasePointer which = find(key);
        if (!which || std::exchange(which->corroborated, true)) continue;
        Alert& alert = which->alert;
        add_reason(alert, verdict.reason);
        const Severity higher = one_step_up(alert.severity);
        if (higher == alert.severity) continue;
        alert.severity = higher;
        which->escalated = which->updated = true;
        if (alert.suppressed == kOverBudget && higher >= Severity::high) alert.suppressed.clear();
        mark_changed(which);
    }
}

AlertDesk::CasePointer AlertDesk::begin(const Incoming& in) {
    auto out = std::make_shared<Case>();
    out->alert = begin_alert(in.finding, in.entity);
    out->alert.hostname = options_.hostname;
    out->alert.exercise = options_.exercise;
    out->alert.created = in.created;
    if (in.suppression != nullptr) out->alert.suppressed = in.suppression->id;
    out->key = in.key;
    out->window = options_.merge_window;
    out->created = true;
    out->closed = in.late;
    out->corroborated = in.corroborated;
    out->testified = in.finding.time;
    out->testified_about = in.finding.subject.source_ip;
    return out;
}

/// The storm's alert that takes this one in; null when it stands alone. What is suppressed makes a
/// storm of its own, so that it stays untold. Insiders stand alone: a storm has samples of several
/// people, and no unit could be kept from what is about its own.
AlertDesk::CasePointer AlertDesk::join_storm(Incoming& in) {
    const Phase* phase = context_->calendar.at(in.finding.time);
    const auto& usual = options_.storms.alerts;
    storms_.storm_above(phase == nullptr ? usual : phase->storm_alerts.value_or(usual));
    if (!storms_.on() || severity_of(in.finding) >= Severity::high ||
        in.finding.rule->rule_class == "insider")
        return nullptr;
    const Storms::Answer storm = storms_.count(in.finding, in.key);
    if (storm.family == Storms::Family::none) return nullptr;
    const std::string alone = begin_alert(in.finding, in.entity).id;
    const std::string entity = std::exchange(in.entity, {});
    const bool of_rule = storm.family == Storms::Family::rule;
    in.finding = of_rule ? in_storm_of_rule(std::move(in.finding))
                         : in_storm_of_network(std::move(in.finding), storm.name);
    if (in.suppression != nullptr) in.finding.entity += ", suppressed by " + in.suppression->id;
    in.entity = entity_text(in.finding.entity);
    in.key = key_of(in.finding.rule->id, in.entity);
    in.reasons.clear();
    in.corroborated = in.late = false;
    CasePointer which = current(in);
    const bool fresh = storm.fresh || !which;
    if (!which) {
        which = begin(in);
        which->alert.subject = {};
        which->alert.storm = Storm{.of = of_rule ? "rule" : "network", .name = storm.name};
        enter(which);
    }
    if (fresh) {
        ++which->alert.storm->alerts;
        ++grouped_[static_cast<std::size_t>(severity_of(in.finding))];
        add_sample(which->alert.storm->ids, alone);
        add_sample(which->alert.storm->entities, entity);
    }
    return which;
}

void AlertDesk::spend_budget(const Incoming& in, Alert& alert) {
    const Phase* phase = context_->calendar.at(in.finding.time);
    std::size_t limit = context_->budgets.of(
        in.finding.rule->id, phase == nullptr ? std::nullopt : phase->alerts_an_hour);
    if (phase != nullptr && limit > 0)
        limit = static_cast<std::size_t>(
            std::max(1.0, static_cast<double>(limit) * phase->budget_factor));
    const bool beyond = budgets_.spend(in.finding.rule->id, in.finding.time, limit);
    const Severity severity = severity_of(in.finding);
    if (!beyond || severity >= Severity::high) return;
    alert.suppressed = kOverBudget;
    take_own(budget_notice(in.finding, severity, limit), in.created);
}

/// A suppressed alert stays so while all its findings are covered; one that is over budget, while
/// it is below high.
void AlertDesk::merge(const CasePointer& into, const Incoming& in) {
    Alert& alert = into->alert;
    const bool rose = merge_finding(alert, in.finding);
    for (const std::string& reason : in.reasons) add_reason(alert, reason);
    const bool over_budget = alert.suppressed == kOverBudget;
    if (over_budget ? alert.severity >= Severity::high : in.suppression == nullptr)
        alert.suppressed.clear();
    into->window = std::max(into->window, in.finding.lasts);
    if (into->window > options_.merge_window) alert.open_until = into->closes();
    into->escalated = into->escalated || rose;
    into->updated = true;
    mark_changed(into);
    if (auto place = by_closing_.extract(into->order)) {
        place.key().first = into->order.first = into->closes();
        by_closing_.insert(std::move(place));
    }
}

}  // namespace kentongan
