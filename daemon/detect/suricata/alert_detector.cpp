#include "daemon/detect/suricata/alert_detector.hpp"

#include <fmt/format.h>

#include "daemon/base/text.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kRuleCap = 2048;
constexpr std::size_t kNameCap = 256;
constexpr std::size_t kMessageCap = 1024;
constexpr std::size_t kTechniqueCap = 8;

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

/// Classtypes of Suricata's classification.config, by the texts EVE shows, that say somebody is in.
constexpr std::string_view kCompromises[] = {
    "A Network Trojan was detected",           "Malware Command and Control Activity Detected",
    "Successful Administrator Privilege Gain", "Successful User Privilege Gain",
    "Domain Observed Used for C2 Detected",    "Successful Credential Theft Detected"};

std::string class_of(std::string_view category) {
    for (const auto known : kCompromises)
        if (known == category) return "compromise";
    if (category.find("Denial of Service") != std::string_view::npos) return "ddos";
    return "attack";
}

Severity severity_of(const Event& event) {
    static const Field kMetadata = named("suricata.eve.alert.metadata.signature_severity");
    if (equals_ignoring_case(event.text(kMetadata), "critical")) return Severity::critical;
    switch (event.integer(Field::event_severity).value_or(2)) {
        case 1:
            return Severity::high;
        case 3:
            return Severity::low;
        case 4:
            return Severity::info;
        default:
            return Severity::medium;
    }
}

/// "T1190" or "T1110.001".
bool is_technique(std::string_view id) {
    if (id.size() != 5 && id.size() != 9) return false;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const bool digit = id[i] >= '0' && id[i] <= '9';
        if (i == 0 ? id[i] != 'T' : i == 5 ? id[i] != '.' : !digit) return false;
    }
    return true;
}

std::vector<std::string> techniques_of(const Event& event) {
    static const Field kTechnique = named("threat.technique.id");
    std::vector<std::string> out;
    for (std::size_t i = 0; i < event.size() && out.size() < kTechniqueCap; ++i)
        if (event.field_at(i) == kTechnique && is_technique(event.value_at(i).text()))
            out.emplace_back(event.value_at(i).text());
    return out;
}

std::string signature_of(const Event& event) {
    const auto name = printable_utf8(event.text(Field::rule_name), kNameCap);
    return name.empty() ? "Suricata signature without a text" : name;
}

std::shared_ptr<Rule> rule_called(std::string id, std::string name) {
    auto rule = std::make_shared<Rule>();
    rule->id = std::move(id);
    rule->name = std::move(name);
    rule->ruleset = Ruleset::signature;
    rule->authors = {"Suricata rule author (not stated in EVE)"};
    rule->categories = {"intrusion_detection"};
    return rule;
}

/// "ET WEB_SERVER …: Attempted Administrator Privilege Gain [1:2024897:3, blocked]".
std::string message_of(const Event& event, std::string_view key) {
    std::string out = signature_of(event);
    if (const auto category = event.text(Field::rule_category); !category.empty())
        out += fmt::format(": {}", category.substr(0, kNameCap));
    out += fmt::format(" [{}", key);
    if (const auto action = event.text(Field::suricata_action); !action.empty())
        out += fmt::format(", {}", action.substr(0, kNameCap));
    return printable_utf8(out + "]", kMessageCap);
}

/// Generator, id and revision.
std::string key_of(const Event& event) {
    static const Field kGenerator = named("suricata.eve.alert.gid");
    return fmt::format("{}:{}:{}", event.integer(kGenerator).value_or(1),
                       event.integer(Field::rule_id).value_or(0),
                       event.integer(Field::rule_version).value_or(0));
}

/// An alert may carry a file's name or a user, but is about a host: the attacker where the rule
/// says who that is (keyword `target`), else the one that sent the packet.
void set_attacker(const Event& event, Finding& finding) {
    static const Field kSource = named("suricata.eve.alert.source.ip");
    static const Field kTarget = named("suricata.eve.alert.target.ip");
    Subject& subject = finding.subject;
    if (const auto attacker = event.ip(kSource); attacker && attacker != subject.source_ip) {
        subject.source_ip = attacker;
        std::swap(subject.source_port, subject.destination_port);
    }
    if (const auto target = event.ip(kTarget)) subject.destination_ip = target;
    if (subject.source_ip) finding.entity = subject.source_ip->to_string();
}

}  // namespace

SuricataAlertDetector::SuricataAlertDetector()
    : other_(rule_called("suricata:other", "Suricata alert of another signature")) {}

void SuricataAlertDetector::inspect(const Event& event, FindingSink& out) {
    if (event.logsource.product != "suricata") return;
    Finding finding = finding_of(rule_of(event), event, message_of(event, key_of(event)));
    set_attacker(event, finding);
    finding.severity = severity_of(event);
    out.report(std::move(finding));
}

std::shared_ptr<const Rule> SuricataAlertDetector::rule_of(const Event& event) {
    const auto key = key_of(event);
    if (const auto known = rules_.find(key); known != rules_.end()) return known->second;
    if (!event.integer(Field::rule_id)) return other_;
    if (rules_.size() >= kRuleCap) {
        ++evicted_;
        return other_;
    }
    const auto revision = key.rfind(':');
    auto rule = rule_called("suricata:" + key.substr(0, revision), signature_of(event));
    rule->version = key.substr(revision + 1);
    rule->severity = severity_of(event);
    rule->rule_class = class_of(event.text(Field::rule_category));
    rule->techniques = techniques_of(event);
    return rules_.emplace(key, std::move(rule)).first->second;
}

}  // namespace kentongan
