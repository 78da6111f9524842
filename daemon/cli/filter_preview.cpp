// Each piece of evidence is read again and asked of the filter.
#include "daemon/cli/filter_preview.hpp"

#include <algorithm>

#include "daemon/cli/stored_event.hpp"

namespace kentongan::cli {

namespace {

using Verdict = sigma::FilterTrial::Verdict;

/// A record of several events counts by the one that the rule matches.
Result<Verdict> judge(const Evidence& evidence, const std::string& rule_id,
                      sigma::FilterTrial& trial, const Config& config) {
    const auto events = events_of(evidence, config);
    if (!events) return std::unexpected(events.error());
    for (const Event& event : *events)
        if (const auto verdict = trial.judge(rule_id, event); verdict != Verdict::no_match)
            return verdict;
    return fail(ErrorCode::data, "read again, the record does not match the rule as it is now");
}

PreviewedAlert::Outcome outcome_of(const PreviewedAlert& one) {
    using Outcome = PreviewedAlert::Outcome;
    if (one.judged == 0) return Outcome::unjudged;
    if (one.suppressed == 0) return one.reason.empty() ? Outcome::kept : Outcome::unjudged;
    if (one.suppressed < one.judged || !one.reason.empty()) return Outcome::reduced;
    return one.alert.count > one.judged ? Outcome::mostly : Outcome::suppressed;
}

}  // namespace

std::string_view name_of(PreviewedAlert::Outcome outcome) {
    constexpr std::string_view kNames[] = {"suppressed", "mostly", "reduced", "kept", "unjudged"};
    return kNames[static_cast<std::size_t>(outcome)];
}

PreviewedAlert preview(Alert alert, sigma::FilterTrial& trial, const Config& config) {
    PreviewedAlert out;
    out.alert = std::move(alert);
    for (const Evidence& evidence : out.alert.evidence) {
        const auto verdict = judge(evidence, out.alert.rule->id, trial, config);
        if (!verdict) {
            out.reason = verdict.error().message;
            continue;
        }
        ++out.judged;
        out.suppressed += *verdict == Verdict::suppressed ? 1 : 0;
    }
    if (out.alert.evidence.empty()) out.reason = "no evidence is stored";
    out.outcome = outcome_of(out);
    return out;
}

}  // namespace kentongan::cli
