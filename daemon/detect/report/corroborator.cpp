#include "daemon/detect/report/corroborator.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kentongan::report {

namespace {

constexpr double kSameTps = 2;
constexpr double kSameKecamatan = 1;
constexpr double kNoPlace = 0.5;
constexpr double kAfterwards = 0.5;
constexpr std::size_t kMostCounted = 64;
constexpr std::size_t kMostEvidence = 4;

/// Which classes of technical findings could be what a report is about.
bool fits(std::string_view category, std::string_view rule_class) {
    if (category == "numbers")
        return rule_class == "result_integrity" || rule_class == "compromise" ||
               rule_class == "insider";
    if (category == "form_missing")
        return rule_class == "result_integrity" || rule_class == "coverage" ||
               rule_class == "operations";
    if (category == "system_down")
        return rule_class == "ddos" || rule_class == "operations" || rule_class == "coverage";
    return false;
}

bool may_be_corroborated(const Finding& finding) {
    const Rule& rule = *finding.rule;
    return rule.ruleset != Ruleset::report && !rule.advisory &&
           finding.severity.value_or(rule.severity) > Severity::info &&
           (fits("numbers", rule.rule_class) || fits("form_missing", rule.rule_class) ||
            fits("system_down", rule.rule_class));
}

Severity next(Severity severity) {
    return severity == Severity::critical ? severity
                                          : static_cast<Severity>(static_cast<int>(severity) + 1);
}

bool contains(const std::vector<std::uint64_t>& list, std::uint64_t item) {
    return std::ranges::find(list, item) != list.end();
}

}  // namespace

void Corroborator::review(Finding& finding) {
    if (telling_ || !may_be_corroborated(finding)) return;
    forget(finding.time);
    std::string key = finding.rule->id + "\n" + finding.entity;
    auto found = std::ranges::find(cases_, key, &Case::key);
    if (found == cases_.end()) {
        if (cases_.size() == kFindings) {
            cases_.pop_front();
            ++evicted_;
        }
        cases_.push_back({std::move(key), finding, finding.time});
        found = std::prev(cases_.end());
        for (const Note& note : reports_) add(note, *found);
    } else {
        found->finding = finding;
    }
    if (found->corroborated()) raise(*found, finding);
}

void Corroborator::note(const Sighting& report, const Evidence& evidence, FindingSink& out) {
    forget(report.time);
    if (reports_.size() == kReports) {
        reports_.pop_front();
        ++evicted_;
    }
    reports_.push_back({report, evidence});
    reports_.back().evidence.excerpt.clear();  // what people wrote goes no further than their alert
    std::vector<Finding> told;
    for (Case& which : cases_) {
        const double before = which.weight;
        add(reports_.back(), which);
        if (which.weight == before || !which.corroborated()) continue;
        Finding again = which.finding;
        again.time = report.time;
        again.evidence.clear();
        again.count = 1;
        raise(which, again);
        told.push_back(std::move(again));
    }
    telling_ = true;
    for (Finding& finding : told) out.report(std::move(finding));
    telling_ = false;
}

double Corroborator::weight_of(const Sighting& report, const Case& which) {
    const Finding& finding = which.finding;
    if (!fits(report.category, finding.rule->rule_class)) return 0;
    const Duration apart = report.time > which.finding.time ? report.time - which.finding.time
                                                            : which.first - report.time;
    if (apart > kWindow) return 0;
    const Subject& subject = finding.subject;
    double out = 0;
    if (subject.tps.empty() && subject.area.size() < 6)
        out = report.category == "system_down" && subject.area.empty() ? kNoPlace : 0;
    else if (!subject.tps.empty() && subject.tps == report.tps)
        out = kSameTps;
    else if (const std::string kecamatan = report.kecamatan(); !kecamatan.empty())
        out = (subject.tps.empty() ? subject.area : subject.tps).starts_with(kecamatan)
                  ? kSameKecamatan
                  : 0;
    return report.time > which.first ? out * kAfterwards : out;
}

void Corroborator::add(const Note& note, Case& which) {
    const Sighting& report = note.report;
    const double weight = weight_of(report, which);
    if (weight == 0 || which.senders.size() >= kMostCounted) return;
    if (contains(which.senders, report.sender) || contains(which.texts, report.text)) return;
    which.weight += weight;
    which.senders.push_back(report.sender);
    which.texts.push_back(report.text);
    if (which.evidence.size() < kMostEvidence) which.evidence.push_back(note.evidence);
}

void Corroborator::raise(const Case& which, Finding& finding) {
    finding.severity = next(finding.severity.value_or(finding.rule->severity));
    finding.message += fmt::format("; corroborated by {} independent citizens' report{}",
                                   which.senders.size(), which.senders.size() == 1 ? "" : "s");
    finding.evidence.insert(finding.evidence.end(), which.evidence.begin(), which.evidence.end());
}

void Corroborator::forget(Timestamp now) {
    while (!reports_.empty() && reports_.front().report.time + kWindow < now) reports_.pop_front();
    std::erase_if(cases_, [&](const Case& which) { return which.finding.time + kWindow < now; });
}

}  // namespace kentongan::report
