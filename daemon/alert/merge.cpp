// Counts add, severity rises, lists grow up to their caps.
#include "daemon/alert/merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/id.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kEntityLength = 512;
constexpr std::size_t kMessageLength = 1024;
constexpr std::size_t kNameLength = 256;
constexpr std::size_t kPathLength = 2048;
constexpr std::size_t kExcerptLength = 1024;

/// The last place of a full list is the newest's: the message names it, and redaction finds in a
/// message what the lists hold.
void add_once(std::vector<std::string>& list, std::string value, bool newest) {
    if (value.empty() || std::ranges::find(list, value) != list.end()) return;
    if (list.size() < Alert::kMaximumRelated)
        list.push_back(std::move(value));
    else if (newest)
        list.back() = std::move(value);
}

void add_related(Alert& alert, const Subject& subject, bool newest) {
    const auto add = [&](std::vector<std::string>& list, std::string value) {
        add_once(list, std::move(value), newest);
    };
    if (subject.source_ip) add(alert.related_ip, subject.source_ip->to_string());
    if (subject.destination_ip)
        add_once(alert.related_ip, subject.destination_ip->to_string(), false);
    add(alert.related_user, printable_utf8(subject.user, kNameLength));
    add(alert.related_hosts, printable_utf8(subject.host, kNameLength));
    add(alert.related_hash, printable_utf8(subject.file_sha256, kNameLength));
}

Subject printable(Subject subject) {
    subject.user = printable_utf8(subject.user, kNameLength);
    subject.host = printable_utf8(subject.host, kNameLength);
    subject.file_path = printable_utf8(subject.file_path, kPathLength);
    subject.file_sha256 = printable_utf8(subject.file_sha256, kNameLength);
    subject.url = printable_utf8(subject.url, kPathLength);
    subject.tps = printable_utf8(subject.tps, kNameLength);
    subject.area = printable_utf8(subject.area, kNameLength);
    return subject;
}

void add_evidence(Alert& alert, const Evidence& evidence) {
    if (alert.evidence.size() >= Alert::kMaximumEvidence) return;
    Evidence out = evidence;
    out.source = printable_utf8(out.source, kPathLength);
    out.excerpt = printable_utf8(out.excerpt, kExcerptLength);
    alert.evidence.push_back(std::move(out));
}

Severity severity_of(const Finding& finding) {
    return finding.severity.value_or(finding.rule->severity);
}

}  // namespace

std::string entity_text(const std::string& entity) { return printable_utf8(entity, kEntityLength); }

Alert begin_alert(const Finding& finding, std::string entity) {
    const Evidence none;
    const Evidence& cause = finding.evidence.empty() ? none : finding.evidence.front();
    Alert out;
    out.id = content_id(finding.time, fmt::format("{}|{}|{}|{}", finding.rule->id, cause.source,
                                                  cause.offset, entity));
    out.rule = finding.rule;
    out.entity = std::move(entity);
    out.severity = severity_of(finding);
    out.first_seen = out.last_seen = out.created = finding.time;
    out.subject = printable(finding.subject);
    return out;
}

bool merge_finding(Alert& alert, const Finding& finding) {
    const bool newest = alert.count == 0 || finding.time >= alert.last_seen;
    if (newest) {
        alert.message = printable_utf8(finding.message, kMessageLength);
        alert.rule = finding.rule;
    }
    alert.count += finding.count;
    alert.first_seen = std::min(alert.first_seen, finding.time);
    alert.last_seen = std::max(alert.last_seen, finding.time);
    add_related(alert, finding.subject, newest);
    for (const Evidence& evidence : finding.evidence) add_evidence(alert, evidence);
    const bool rises = severity_of(finding) > alert.severity;
    if (rises) alert.severity = severity_of(finding);
    return rises;
}

}  // namespace kentongan
