// Counts per rule and severity, names for what matters, reasons for what is not known.
#include "daemon/cli/filter_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

namespace kentongan::cli {

namespace json = boost::json;

namespace {

using Outcome = PreviewedAlert::Outcome;
using Tally = std::map<std::string, std::map<Outcome, std::size_t>>;

Tally tally(const Preview& preview, auto&& key_of) {
    Tally out;
    for (const auto& one : preview.alerts) ++out[key_of(one.alert)][one.outcome];
    return out;
}

std::string rule_of(const Alert& alert) { return alert.rule->name; }
std::string severity_of(const Alert& alert) { return std::string(name_of(alert.severity)); }

bool is_quieted(const PreviewedAlert& one) {
    return one.outcome == Outcome::suppressed || one.outcome == Outcome::mostly;
}

json::object to_json(const Tally& tally) {
    json::object out;
    for (const auto& [key, counts] : tally) {
        json::object& row = out[key].emplace_object();
        for (const auto outcome : {Outcome::suppressed, Outcome::mostly, Outcome::reduced,
                                   Outcome::kept, Outcome::unjudged})
            row[name_of(outcome)] = counts.contains(outcome) ? counts.at(outcome) : 0;
    }
    return out;
}

json::object to_json(const PreviewedAlert& one) {
    return {{"id", one.alert.id},
            {"rule", json::object{{"id", one.alert.rule->id}, {"name", one.alert.rule->name}}},
            {"severity", name_of(one.alert.severity)},
            {"entity", one.alert.entity},
            {"count", one.alert.count},
            {"outcome", name_of(one.outcome)},
            {"judged", one.judged},
            {"suppressed", one.suppressed},
            {"reason", one.reason}};
}

void print_tally(const Output& out, std::string_view head, const Tally& tally) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [key, counts] : tally) {
        std::vector<std::string> row{cell(key, 60)};
        for (const auto outcome : {Outcome::suppressed, Outcome::mostly, Outcome::reduced,
                                   Outcome::kept, Outcome::unjudged})
            row.push_back(fmt::format("{}", counts.contains(outcome) ? counts.at(outcome) : 0));
        rows.push_back(std::move(row));
    }
    fmt::print("\n");
    out.table({std::string(head), "SUPPRESSED", "MOSTLY", "REDUCED", "KEPT", "NOT JUDGED"}, rows);
}

void print_named(const Output& out, std::string_view head, const Preview& preview, auto&& is_wanted,
                 auto&& words_of) {
    bool first = true;
    for (const auto& one : preview.alerts) {
        if (!is_wanted(one)) continue;
        if (first) fmt::print("\n{}\n", out.bold(head));
        first = false;
        fmt::print("  {}  {}  {} ({})\n", one.alert.id, out.severity(name_of(one.alert.severity)),
                   cell(one.alert.rule->name, 60), cell(words_of(one), 80));
    }
}

}  // namespace

json::object to_json(const Preview& preview) {
    json::array alerts;
    for (const auto& one : preview.alerts) alerts.push_back(to_json(one));
    return {{"file", preview.file},
            {"filters", json::array(preview.titles.begin(), preview.titles.end())},
            {"remarks", json::array(preview.remarks.begin(), preview.remarks.end())},
            {"days", preview.days},
            {"alerts_looked_at", preview.looked_at},
            {"correlation_alerts_not_recounted", preview.correlations},
            {"rules_touched", preview.touched},
            {"by_rule", to_json(tally(preview, rule_of))},
            {"by_severity", to_json(tally(preview, severity_of))},
            {"alerts", std::move(alerts)}};
}

void print(const Preview& preview, const Output& out) {
    for (const auto& remark : preview.remarks) fmt::print("{}\n", cell(remark, 160));
    const auto quieted = std::ranges::count_if(preview.alerts, is_quieted);
    fmt::print(
        "{} of {} alerts of Sigma rules in the last {} days would not have been raised; "
        "{} of them are of the {} rules that the filter touches\n",
        quieted, preview.looked_at, preview.days, preview.alerts.size(), preview.touched);
    if (!preview.alerts.empty()) {
        print_tally(out, "RULE", tally(preview, rule_of));
        print_tally(out, "SEVERITY", tally(preview, severity_of));
    }
    print_named(
        out, "high and critical alerts that would be gone", preview,
        [](const auto& one) { return is_quieted(one) && one.alert.severity >= Severity::high; },
        [](const auto& one) { return one.alert.message; });
    print_named(
        out, "not judged", preview, [](const auto& one) { return !one.reason.empty(); },
        [](const auto& one) { return one.reason; });
    if (preview.correlations > 0)
        fmt::print(
            "\n{} alerts of correlations are not counted again: with fewer matches of their "
            "rules some of them may go\n",
            preview.correlations);
    fmt::print(
        "\nmostly: all evidence that is kept, but more events were counted than are kept\n"
        "To put it in force, copy the file into a folder of rules.paths and reload "
        "(systemctl reload kentongand).\n");
}

}  // namespace kentongan::cli
