// kentongan drill: the options, and the score for people and for programs.
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>

#include "daemon/cli/command.hpp"
#include "daemon/cli/rehearsal.hpp"
#include "daemon/drill/generate/night.hpp"

namespace kentongan::cli {

namespace json = boost::json;

namespace {

std::string spoken(Duration after) {
    const auto seconds = to_seconds(after);
    if (seconds < 100) return fmt::format("{:.0f} s", seconds);
    return fmt::format("{:.0f} min", seconds / 60);
}

void list(const Output& out) {
    std::vector<std::vector<std::string>> rows;
    json::array all;
    for (const auto& one : drill::scenarios()) {
        const auto begins =
            generate::local_time(generate::close_of_polls() + one.begins, "{:%H:%M}");
        rows.push_back({std::string(one.name), one.benign ? "benign" : "attack", begins,
                        std::string(one.title)});
        all.push_back(json::object{{"scenario", one.name},
                                   {"benign", one.benign},
                                   {"begins", begins},
                                   {"title", one.title}});
    }
    if (out.format == OutputFormat::human)
        out.table({"SCENARIO", "KIND", "WIB", "WHAT HAPPENS"}, rows);
    else
        out.object(all);
}

std::vector<std::string> row_of(const drill::ScenarioScore& one, const Output& out) {
    const auto& scenario = *one.scenario;
    std::vector<std::string> row{one.passed ? "ok" : out.bold("FAILED"), std::string(scenario.name),
                                 cell(scenario.title, 52)};
    if (scenario.benign)
        row.push_back(one.passed ? "quiet" : "alarm");
    else
        row.push_back(one.detected ? spoken(*one.detected) : "missed");
    for (const auto* agency : {"kpu", "bssn", "polri", "brin"}) {
        const auto told = one.agencies.find(agency);
        row.push_back(told == one.agencies.end() ? "" : spoken(told->second));
    }
    return row;
}

void show_alerts(std::string_view heading, const std::vector<const drill::SeenAlert*>& alerts) {
    if (alerts.empty()) return;
    fmt::print("\n{}\n", heading);
    for (const auto* alert : alerts)
        fmt::print("  {}  {:<8} {}: {}\n", generate::local_time(alert->first_seen, "{:%H:%M:%S}"),
                   name_of(alert->severity), cell(alert->rule_name, 50), cell(alert->message, 110));
}

void show(const drill::Score& score, const Output& out) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : score.scenarios) rows.push_back(row_of(one, out));
    out.table({"RESULT", "SCENARIO", "WHAT HAPPENED", "DETECTED", "KPU", "BSSN", "POLRI", "BRIN"},
              rows);
    for (const auto& one : score.scenarios)
        if (!one.passed) fmt::print("{}: {}\n", one.scenario->name, one.why);
    show_alerts("False alarms (medium or more, and about no attack):", score.false_alarms);
    show_alerts("Not marked as an exercise:", score.unmarked);
    fmt::print("\n{} of {} scenarios as expected, {} alerts, {} false alarms\n",
               score.passed_scenarios(), score.scenarios.size(), score.alerts,
               score.false_alarms.size());
}

Result<std::vector<const drill::Scenario*>> chosen(const std::vector<std::string>& names) {
    std::vector<const drill::Scenario*> out;
    for (const auto& one : drill::scenarios())
        if (names.empty()) out.push_back(&one);
    for (const auto& name : names) {
        const auto* one = drill::scenario_called(name);
        if (one == nullptr)
            return fail(ErrorCode::usage,
                        "no scenario is called {} (kentongan drill --list shows them)", name);
        out.push_back(one);
    }
    return out;
}

/// The hour of the night, on one line of a terminal.
void show_progress(Timestamp now) {
    if (::isatty(STDERR_FILENO) == 0) return;
    fmt::print(stderr, "\r{} WIB ", generate::local_time(now, "{:%H:%M}"));
}

}  // namespace

void add_drill(CLI::App& app, Common& common, Action& action) {
    struct Asked {
        std::vector<std::string> names;
        RehearsalSettings settings;
        bool list = false;
    };
    const auto asked = std::make_shared<Asked>();
    CLI::App* drill = add_subcommand(
        app, common, "drill", "rehearse an election night, and score what was detected",
        "kentongan drill --speed 60\n  kentongan drill web-shell flash-crowd -o json");
    drill->add_option("SCENARIO", asked->names, "names of scenarios (default: all)");
    drill->add_flag("--list", asked->list, "show the scenarios");
    drill->add_option("--speed", asked->settings.speed, "hours of the night in a real one")
        ->check(CLI::Range(1.0, 600.0))
        ->capture_default_str();
    drill->add_option("--seed", asked->settings.seed, "of what is made up")->capture_default_str();
    drill->add_option("--scale", asked->settings.scale, "of the ordinary traffic")
        ->check(CLI::Range(0.01, 100.0))
        ->capture_default_str();
    drill->add_option("--rules", asked->settings.rules, "folder of the rules to rehearse with");
    drill->add_option("--keep", asked->settings.folder,
                      "folder to keep all of it in (default: a temporary one, removed)");
    drill->callback([&action, asked] {
        action = [asked](const Output& out) -> Result<int> {
            if (asked->list) {
                list(out);
                return 0;
            }
            auto scenarios = chosen(asked->names);
            if (!scenarios) return std::unexpected(scenarios.error());
            asked->settings.scenarios = std::move(*scenarios);
            asked->settings.whole_night = asked->names.empty();
            asked->settings.progress = show_progress;
            Rehearsal rehearsal{asked->settings};
            const auto score = rehearsal.run();
            if (!score) return std::unexpected(score.error());
            if (::isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r            \r");
            if (out.format == OutputFormat::human)
                show(*score, out);
            else
                out.object(drill::to_json(*score));
            return score->passed() ? 0 : 1;
        };
    });
}

}  // namespace kentongan::cli
