// What the Application says about itself: health, status, one line for systemd.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/app/application.hpp"
#include "daemon/app/figures.hpp"
#include "daemon/detect/sirekap/coverage_report.hpp"

namespace kentongan {

namespace json = boost::json;

api::Health Application::health() const {
    api::Health out;
    const bool starting = clock_.now() - started_ < std::chrono::seconds{5} && !pulse_->oldest();
    const auto because = [&](const char* code, std::string text) {
        out.codes.emplace_back(code);
        out.reasons.push_back(std::move(text));
    };
    if (!desk_->failure().empty()) because("store", "the store cannot commit: " + desk_->failure());
    if (!pulse_->alive(clock_.now())) {
        if (starting)
            because("starting", "starting: no heartbeat has been stored yet");
        else
            because("no_heartbeat", "no heartbeat has come through the pipeline lately");
    }
    if (stopping_) because("stopping", "stopping");
    out.ready = out.reasons.empty();
    return out;
}

std::string Application::one_line() const {
    std::size_t ok = 0;
    std::size_t left_out = 0;
    for (const auto& status : rules_.statuses)
        ++(status.state == RuleStatus::State::ok ? ok : left_out);
    return fmt::format("{} sources, {} rules ({} left out), {:.0f} events, {:.0f} alerts",
                       source_names_.size(), ok, left_out, metrics_.events.sum(),
                       metrics_.alerts.sum());
}

namespace {
json::object phase_part(const Phase& phase) {
    return {{"name", phase.name},
            {"what", phase.what},
            {"ends", to_rfc3339(phase.ends)},
            {"change_freeze", phase.change_freeze},
            {"two_person", phase.two_person},
            {"retention_hold", phase.retention_hold}};
}

json::array changes_part(const std::deque<Change>& changes) {
    json::array out;
    for (const Change& change : changes) {
        json::object one{{"time", to_rfc3339(change.time, 0)},
                         {"what", json::array(change.what.begin(), change.what.end())},
                         {"second_person", change.second_person}};
        if (!change.why.empty()) one["why"] = change.why;
        out.push_back(std::move(one));
    }
    return out;
}
}  // namespace

/// What somebody has to do, a line each.
json::array Application::attention() const {
    json::array out;
    if (unconfirmed_)
        out.emplace_back(fmt::format(
            "started with other settings, rules, tokens or accounts than before, in the election's "
            "window: two persons have to confirm it ({})",
            start_approval_.empty() ? "it will be asked for"
                                    : "kentongan approvals confirm " + start_approval_));
    return out;
}

json::object Application::status() const {
    json::array sources;
    for (const auto& name : source_names_) {
        double events = 0;
        for (int kind = 0; kind < static_cast<int>(EventKind::heartbeat); ++kind)
            events += metrics_.events.with({name, name_of(static_cast<EventKind>(kind))}).value();
        sources.push_back(
            json::object{{"source", name}, {"events", static_cast<std::int64_t>(events)}});
    }
    json::array areas;
    if (coverage_)
        for (const auto& area : coverage_->snapshot(4))
            areas.push_back(json::object{{"area", area.code},
                                         {"name", area.name},
                                         {"received", area.received},
                                         {"expected", area.expected}});
    json::array rules;
    for (const auto* engine : {"sigma", "yara"})
        rules.push_back(json::object{
            {"engine", engine},
            {"ok", static_cast<std::int64_t>(metrics_.rules_loaded.with({engine, "ok"}).value())},
            {"unsupported", static_cast<std::int64_t>(
                                metrics_.rules_loaded.with({engine, "unsupported"}).value())}});
    const auto now_health = health();
    const auto pulse = pulse_->oldest();
    const Phase* phase = context_->calendar.at(clock_.now());
    return {{"name", desk_options(config_).hostname},
            {"version", KENTONGAN_VERSION},
            {"started", to_rfc3339(started_)},
            {"heartbeat", pulse ? json::value(to_rfc3339(*pulse)) : json::value(nullptr)},
            {"ready", now_health.ready},
            {"reasons", json::array(now_health.reasons.begin(), now_health.reasons.end())},
            {"exercise", config_.daemon.exercise},
            {"clock_speed", own_clock_ ? config_.daemon.exercise_speed : 1.0},
            {"phase", phase ? json::value(phase_part(*phase)) : json::value(nullptr)},
            {"open_alerts", desk_->open_alerts()},
            {"sources", std::move(sources)},
            {"rules", std::move(rules)},
            {"agencies", agencies_->status()},
            {"changes", changes_part(changes_)},
            {"attention", attention()},
            {"certificates", certificates()},
            {"queues", queues_of(metrics_)},
            {"latency", latencies_of(metrics_)},
            {"captures", captures_of(metrics_)},
            {"logs", logs_of(metrics_)},
            {"ledger", ledger_of(metrics_)},
            {"disk", disk_of(metrics_)},
            {"coverage", std::move(areas)}};
}

void Application::measure_coverage() {
    if (!coverage_) return;
    const auto report = sirekap::coverage_report(*coverage_, election_, "");
    for (const sirekap::CoverageRow& row : report->rows) {
        const sirekap::AreaCoverage& area = row.area;
        sirekap::AreaCoverage& before = counted_[area.code];
        metrics_.uploads_expected.with({area.code}).set(area.expected);
        metrics_.uploads_received.with({area.code}).add(area.received - before.received);
        metrics_.uploads_complete.with({area.code}).add(area.complete - before.complete);
        metrics_.uploads_repeated.with({area.code}).add(area.again - before.again);
        if (row.outlook) metrics_.uploads_forecast.with({area.code}).set(row.outlook->share);
        before = area;
    }
}

}  // namespace kentongan
