#include "daemon/detect/zeek/notice_detector.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"
#include "daemon/detect/subject.hpp"
#include "daemon/detect/zeek/notice_table.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kRuleCap = 512;
constexpr std::size_t kMessageCap = 1024;
constexpr std::size_t kNoteCap = 128;

std::shared_ptr<const Rule> other_rule() {
    auto rule = std::make_shared<Rule>(*rule_of_notice("other"));
    rule->name = "Zeek notice of another type";
    return rule;
}

/// "SSH::Password_Guessing: 192.0.2.7 appears to be guessing … (Sampled servers: …)"
std::string message_of(const Event& event) {
    const auto note = event.text(Field::zeek_notice_note);
    const auto message = event.text(Field::message);
    const auto sub = event.text(Field::zeek_notice_sub);
    std::string out(note.empty() ? "notice without a type" : note.substr(0, kNoteCap));
    if (!message.empty()) out += fmt::format(": {}", message.substr(0, kMessageCap));
    if (!sub.empty()) out += fmt::format(" ({})", sub.substr(0, kMessageCap));
    return printable_utf8(out, kMessageCap);
}

}  // namespace

ZeekNoticeDetector::ZeekNoticeDetector() : other_(other_rule()) {}

void ZeekNoticeDetector::inspect(const Event& event, FindingSink& out) {
    if (event.logsource.product == "suricata") return;
    const auto rule = rule_of(event.text(Field::zeek_notice_note));
    Finding finding = finding_of(rule, event, message_of(event));
    // A notice may carry a file's name or a user, but is about the host at its source.
    if (finding.subject.source_ip)
        finding.entity = finding.subject.source_ip->to_string();
    else if (!finding.subject.host.empty())
        finding.entity = finding.subject.host;
    out.report(std::move(finding));
}

std::shared_ptr<const Rule> ZeekNoticeDetector::rule_of(std::string_view note) {
    const auto known = rules_.find(note);
    if (known != rules_.end()) return known->second;
    if (!is_notice_type(note)) return other_;
    if (rules_.size() >= kRuleCap) {
        ++evicted_;
        return other_;
    }
    return rules_.emplace(std::string(note), rule_of_notice(note)).first->second;
}

}  // namespace kentongan
