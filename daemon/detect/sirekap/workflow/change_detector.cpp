// The state machine of a TPS's result.
#include "daemon/detect/sirekap/workflow/change_detector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

constexpr Duration kBulkWindow = std::chrono::minutes{1};
/// A larger checkpoint is not written each time but each minute, and is then not exact.
constexpr std::size_t kLargeSave = std::size_t{256} << 10;
constexpr Duration kLargeSaveInterval = std::chrono::minutes{1};

bool moves(Act act) { return act != Act::other && act != Act::view && act != Act::assign; }
bool changes_numbers(const AppEvent& app) {
    return app.act == Act::edit || (app.act == Act::answer && !app.agrees.value_or(false));
}
bool is_decision(Act act) {
    return act == Act::edit || act == Act::verify || act == Act::finish || act == Act::reopen;
}
std::string_view verb_of(Act act) {
    switch (act) {
        case Act::edit:
            return "edited";
        case Act::verify:
            return "verified";
        case Act::finish:
            return "made final";
        default:
            return "reopened";
    }
}
bool holds(const std::vector<std::string>& list, std::string_view text) {
    return std::ranges::find(list, text) != list.end();
}

}  // namespace

ChangeDetector::ChangeDetector(std::shared_ptr<const WorkflowOptions> options)
    : options_(std::move(options)),
      states_(options_->tps_entries, options_->seed),
      hash_(options_->seed),
      editors_(options_->table_entries, kBulkWindow, options_->seed),
      cards_(options_->windows.size()) {}

void ChangeDetector::inspect_act(const AppEvent& app, FindingSink& out) {
    if (!app.accepted || !moves(app.act)) return;
    if (app.act == Act::admin_edit || app.act == Act::db_write) return edited_past(app, out);
    if (!app.tps) return;
    TpsState& state = states_.at(*app.tps);
    const Stage stated = parse_stage(app.status_from);
    const Stage before = stated == Stage::unknown ? state.stage : stated;
    const Stage said = parse_stage(app.status_to);
    const Step step{app, state, before, said == Stage::unknown ? after(app.act, before) : said};
    judge(step, out);
    take(step);
}

void ChangeDetector::judge(const Step& step, FindingSink& out) {
    const AppEvent& app = step.app;
    if (app.act == Act::upload || app.act == Act::read) return;
    const bool edits = changes_numbers(app);
    const auto window =
        options_->windows.ordered(app.event->text(Field::sirekap_tps), app.time(), app.account);
    if (window) {
        if (edits || app.act == Act::reopen)
            cards_.note(options_->windows, *window, *app.event, out);
        return;
    }
    check_way(step, out);
    if (edits) check_change(step, out);
    if (is_decision(app.act)) check_turn(step, out);
    if (app.act == Act::edit) note_edit(app, out);
}

/// R11: steps that are none, and stages that changed while nobody said so.
void ChangeDetector::check_way(const Step& step, FindingSink& out) {
    const Stage stated = parse_stage(step.app.status_from);
    const bool both_stated = stated != Stage::unknown && !step.app.status_to.empty();
    if ((both_stated || step.after == Stage::final) && is_skip(step.before, step.after))
        return tell(
            step_skipped_rule(), step.app,
            fmt::format("the result of TPS {} went from {} to {} at once",
                        step.app.tps->to_string(), name_of(step.before), name_of(step.after)),
            out);
    if (stated != Stage::unknown && step.state.certain && !goes_by_itself(step.state.stage, stated))
        tell(step_skipped_rule(), step.app,
             fmt::format("the result of TPS {} was {} when last heard of and is {} now; no event "
                         "says how",
                         step.app.tps->to_string(), name_of(step.state.stage), name_of(stated)),
             out);
}

/// R10.
void ChangeDetector::check_change(const Step& step, FindingSink& out) {
    const AppEvent& app = step.app;
    const bool reopened = step.before == Stage::reopened;
    if (!is_closed(step.before) && !reopened) return;
    if (reopened && step.state.stage != Stage::reopened) return;  // how is not known
    const Level level = level_of(app.role);
    std::vector<std::string_view> missing;
    if (app.reason.empty() && !(reopened && step.state.reason)) missing.push_back("a reason");
    if (!app.has_second_person() && !(reopened && step.state.second_person))
        missing.push_back("a second person");
    if (!reopened && options_->windows.know_plenaries_of(level) &&
        !options_->windows.in_plenary(level, app.event->text(Field::sirekap_tps), app.time()))
        missing.push_back("a plenary in session or a reopening");
    if (missing.empty()) return;
    tell(late_change_rule(), app,
         fmt::format("numbers of TPS {} were changed by {} although it was {}, without {}",
                     app.tps->to_string(), quoted(app.account), name_of(step.before),
                     fmt::join(missing, " and ")),
         out);
}

/// R11: whose turn it is.
void ChangeDetector::check_turn(const Step& step, FindingSink& out) {
    const AppEvent& app = step.app;
    const auto told = [&](std::string_view why, std::optional<Severity> severity) {
        tell(edit_past_workflow_rule(), app,
             fmt::format("the result of TPS {} was {} by {} whose role {} {}", app.tps->to_string(),
                         verb_of(app.act), quoted(app.account), quoted(app.role), why),
             out, severity);
    };
    if (is_technical(app.role)) return told("has no part in it", std::nullopt);
    const Level level = level_of(app.role);
    if (level == Level::tps) return told("only answers for its own form", Severity::high);
    const bool with_kecamatan = step.before == Stage::uploaded || step.before == Stage::read ||
                                step.before == Stage::verified;
    if (level == Level::above && with_kecamatan && app.act != Act::reopen)
        told(fmt::format("comes after the kecamatan, where it still is ({})", name_of(step.before)),
             Severity::high);
}

/// R11: many within a minute.
void ChangeDetector::note_edit(const AppEvent& app, FindingSink& out) {
    if (app.account.empty()) return;
    editors_.expire(app.time());
    const std::string account(app.account);
    Editor& editor = editors_.touch(account, app.time()).value;
    editor.tps.add(static_cast<std::uint32_t>(hash_(app.event->text(Field::sirekap_tps))),
                   app.time(), false, options_->bulk_tps);
    if (editor.tps.count(app.time() - kBulkWindow) < options_->bulk_tps) return;
    Finding finding = inconsistency(
        bulk_edit_rule(), *app.event,
        fmt::format("{} changed the results of {} or more TPS within a minute, the last of them {}",
                    quoted(account), options_->bulk_tps, app.tps->to_string()));
    finding.entity = printable_utf8(account, 128);
    out.report(std::move(finding));
}

/// R11: through the administration or the SQL console.
void ChangeDetector::edited_past(const AppEvent& app, FindingSink& out) {
    if (app.act == Act::db_write && !app.object.empty() && !is_result_table(app.object)) return;
    const std::string_view area = app.event->text(Field::sirekap_tps);
    if (const auto window = options_->windows.ordered(area, app.time(), app.account))
        return cards_.note(options_->windows, *window, *app.event, out);
    tell(
        edit_past_workflow_rule(), app,
        fmt::format("results{} were changed by {} through {}, not by the officers whose turn it is",
                    area.empty() ? "" : fmt::format(" of TPS {}", area), quoted(app.account),
                    app.act == Act::db_write ? "the SQL console" : "the administration"),
        out);
}

void ChangeDetector::take(const Step& step) {
    TpsState& state = step.state;
    const TpsState old = state;
    state.stage = step.after;
    if (!step.app.status_to.empty())
        state.certain = true;
    else if (step.before != step.after)
        state.certain = false;
    else if (parse_stage(step.app.status_from) != Stage::unknown)
        state.certain = true;
    if (step.app.act == Act::reopen || (step.after == Stage::reopened && old.stage != step.after)) {
        state.reason = !step.app.reason.empty();
        state.second_person = step.app.has_second_person();
    }
    changed_ = changed_ || state.stage >= Stage::verified || old.stage >= Stage::verified;
}

void ChangeDetector::advance(Timestamp now, FindingSink& out) {
    now_ = now;
    cards_.advance(options_->windows, now, out);
    editors_.expire(now);
}

void ChangeDetector::tell(const RulePointer& rule, const AppEvent& app, std::string_view what,
                          FindingSink& out, std::optional<Severity> severity) {
    Finding finding = inconsistency(rule, *app.event, what);
    finding.severity = severity;
    few_.limit(finding);
    out.report(std::move(finding));
}

Level ChangeDetector::level_of(std::string_view role) const {
    if (holds(options_->tps_roles, role)) return Level::tps;
    if (holds(options_->kecamatan_roles, role)) return Level::kecamatan;
    return holds(options_->higher_roles, role) ? Level::above : Level::unknown;
}

bool ChangeDetector::is_technical(std::string_view role) const {
    return level_of(role) == Level::unknown &&
           std::ranges::any_of(options_->technical_roles,
                               [&](const auto& name) { return role.starts_with(name); });
}

bool ChangeDetector::is_result_table(std::string_view object) const {
    return std::ranges::any_of(options_->result_tables,
                               [&](const auto& name) { return object.contains(name); });
}

std::optional<std::string> ChangeDetector::checkpoint() {
    if (!changed_ || now_ < next_large_save_) return std::nullopt;
    std::string states = states_.save();
    const bool large = states.size() > kLargeSave;
    if (large) next_large_save_ = now_ + kLargeSaveInterval;
    changed_ = false;
    return (large ? "about:" : "exact:") + std::move(states);
}

Result<> ChangeDetector::restore(std::string_view state) {
    const std::string_view how = take_until(state, ':');
    if (how != "exact" && how != "about")
        return fail(ErrorCode::data, "stages of TPS kept from before are of another version");
    return states_.restore(state, how == "exact");
}

std::uint64_t ChangeDetector::evicted() const { return editors_.evicted() + states_.left_out(); }

}  // namespace kentongan::sirekap
