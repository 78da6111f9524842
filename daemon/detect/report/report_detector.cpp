#include "daemon/detect/report/report_detector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"
#include "daemon/detect/anomaly/keyed_hash.hpp"
#include "daemon/detect/report/rules.hpp"
#include "daemon/detect/report/simhash.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::report {

namespace {

std::string text_of(const Event& event, Field field) {
    return printable_utf8(event.get(field).to_string(), 64);
}

/// "TPS 3171011006001", "area 317101", or nothing.
std::string place_of(const Sighting& report) {
    if (!report.tps.empty()) return ", TPS " + report.tps;
    return report.area.empty() ? std::string{} : ", area " + report.area;
}

Evidence aggregate(const Event& event, const std::string& message) {
    Evidence out = evidence_of(event);
    out.kind = "aggregate";
    out.excerpt = message;
    return out;
}

}  // namespace

ReportDetector::ReportDetector(Options options) : seed_(options.seed), texts_(options.seed) {
    if (options.areas.size() > 1) scan_.emplace(std::move(options.areas), options.seed);
}

void ReportDetector::inspect(const Event& event, FindingSink& out) {
    Sighting report = sighting_of(event);
    now_ = std::max(now_, event.time);
    tell(event, report, out);
    const auto joined =
        texts_.add(now_, report.ticket, simhash(event.text(Field::message), seed_), report.sender);
    report.text = joined.cluster;
    if (joined.card) tell_cluster(event, *joined.card, out);
    if (scan_)
        if (const auto excess = scan_->add(now_, report.kelurahan(), report.sender, report.text))
            tell_excess(event, *excess, out);
    corroborator_.note(report, evidence_of(event), out);
}

Sighting ReportDetector::sighting_of(const Event& event) const {
    const Subject subject = subject_of(event);
    Sighting out;
    out.time = event.time;
    out.ticket = text_of(event, Field::report_id);
    out.category = text_of(event, Field::report_category);
    out.tps = subject.tps;
    out.area = subject.area;
    out.sender = anomaly::KeyedHash{seed_}(text_of(event, Field::report_sender));
    return out;
}

void ReportDetector::tell(const Event& event, const Sighting& report, FindingSink& out) const {
    const RulePointer& rule = received_rule(report.category);
    Finding finding = finding_of(rule, event,
                                 fmt::format("{}{}; ticket {}, what it says is in the evidence",
                                             rule->name, place_of(report), report.ticket));
    finding.entity = report.ticket.empty()
                         ? fmt::format("{}:{}", event.origin.source, event.origin.position)
                         : report.ticket;
    out.report(std::move(finding));
}

void ReportDetector::tell_cluster(const Event& event, const TextClusters::Card& card,
                                  FindingSink& out) const {
    Finding finding;
    finding.rule = cluster_rule();
    finding.time = event.time;
    finding.entity = card.first_ticket;
    finding.message = fmt::format(
        "{} reports within 10 minutes say nearly the same as {}, {} senders of them first heard "
        "in that time; together they count as one report",
        card.reports, card.first_ticket, card.new_senders);
    finding.count = card.since_last;
    finding.evidence.push_back(aggregate(event, finding.message));
    out.report(std::move(finding));
}

void ReportDetector::tell_excess(const Event& event, const AreaScan::Excess& excess,
                                 FindingSink& out) const {
    Finding finding;
    finding.rule = area_rule();
    finding.time = event.time;
    finding.entity = excess.area->code;
    finding.subject.area = excess.area->code;
    finding.message = fmt::format(
        "{} independent reports within 6 hours from kelurahan {}{}{}, where {:.1f} of all {} are "
        "expected by its number of TPS (log-likelihood ratio {:.1f}, p < .001)",
        excess.reports, excess.area->code, excess.area->name.empty() ? "" : " ", excess.area->name,
        excess.expected, excess.all, excess.ratio);
    finding.evidence.push_back(aggregate(event, finding.message));
    out.report(std::move(finding));
}

std::uint64_t ReportDetector::evicted() const {
    return texts_.evicted() + (scan_ ? scan_->evicted() : 0) + corroborator_.evicted();
}

}  // namespace kentongan::report
