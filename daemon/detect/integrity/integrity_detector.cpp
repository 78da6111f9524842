#include "daemon/detect/integrity/integrity_detector.hpp"

#include "daemon/base/text.hpp"
#include "daemon/detect/integrity/file_class.hpp"
#include "daemon/detect/subject.hpp"

namespace kentongan::integrity {

namespace {

using RulePtr = std::shared_ptr<const Rule>;

enum Which : std::size_t {
    kBinary,
    kWebroot,
    kConfig,
    kSetuid,
    kPersistence,
    kSshKeys,
    kPreload,
    kUpload,
    kGeneric
};

RulePtr make(std::string id, std::string name, Severity severity,
             std::vector<std::string> techniques, std::string rule_class = "compromise") {
    Rule out;
    out.id = "integrity:" + std::move(id);
    out.name = std::move(name);
    out.ruleset = Ruleset::integrity;
    out.version = "1";
    out.authors = {"Kentongan"};
    out.severity = severity;
    out.rule_class = std::move(rule_class);
    out.techniques = std::move(techniques);
    out.categories = {"file", "configuration"};
    return std::make_shared<const Rule>(std::move(out));
}

/// What a change is, apart from which file it is about.
struct Look {
    std::string_view path;
    std::string_view action;
    std::string_view type;
    std::string_view tree;
    bool content = false;  ///< created, removed, or other bytes than before
    bool rights = false;   ///< mode, owner or group
};

Look look_at(const Event& event) {
    Look out{event.text(Field::file_path), event.text(Field::event_action),
             event.text(Field::file_type), event.text(Field::file_tree)};
    out.content = out.action != "attributes";
    for (std::size_t i = 0; i < event.size(); ++i) {
        if (event.field_at(i) != Field::file_changes) continue;
        const std::string_view what = event.value_at(i).text();
        out.rights = out.rights || what == "mode" || what == "owner" || what == "group";
    }
    return out;
}

std::uint32_t mode_of(std::string_view octal) {
    std::uint32_t mode = 0;
    std::from_chars(octal.data(), octal.data() + octal.size(), mode, 8);
    return mode;
}

/// A setuid or setgid bit that was not there before; a folder's setgid bit only hands down a group.
bool gained_privilege(const Event& event, const Look& look) {
    if (look.type == "dir" || look.action == "removed") return false;
    constexpr std::uint32_t kPrivileged = 06000;
    const std::uint32_t now = mode_of(event.text(Field::file_mode)) & kPrivileged;
    if (now == 0) return false;
    if (look.action == "created") return true;
    if (!event.has(Field::file_previous_mode)) return false;
    return (now & ~mode_of(event.text(Field::file_previous_mode))) != 0;
}

struct Verdict {
    Which rule = kGeneric;
    std::optional<Severity> severity;
};

Verdict in_webroot(const Look& look) {
    if (is_page(look.path)) return {kWebroot, look.content ? Severity::critical : Severity::high};
    return {kWebroot, look.content ? Severity::medium : Severity::low};
}

/// Uploads arrive; what has arrived stays as it is.
std::optional<Verdict> in_uploads(const Look& look) {
    if (look.action == "created") return std::nullopt;
    return Verdict{kUpload, look.content ? Severity::high : Severity::low};
}

Verdict by_class(const Look& look) {
    switch (class_of(look.path)) {
        case FileClass::preload:
            return {kPreload, {}};
        case FileClass::ssh_keys:
            return {kSshKeys, {}};
        case FileClass::persistence:
            return {kPersistence, {}};
        case FileClass::config:
            return {kConfig, {}};
        case FileClass::binary:
            if (look.action == "created") return {kBinary, Severity::high};
            return {kBinary, look.content ? Severity::critical : Severity::high};
        case FileClass::other:
            break;
    }
    if (look.tree == "config") return {kConfig, Severity::medium};
    return {kGeneric,
            look.tree == "system" && look.action == "modified" ? Severity::medium : Severity::low};
}

std::optional<Verdict> judge(const Look& look) {
    if (!look.content && !look.rights) return std::nullopt;  // times only
    if (look.type == "dir")
        return look.rights ? std::optional{Verdict{kGeneric, {}}} : std::nullopt;
    if (look.tree == "upload") return in_uploads(look);
    if (look.tree == "webroot" && class_of(look.path) != FileClass::ssh_keys)
        return in_webroot(look);
    return by_class(look);
}

/// "/usr/sbin/sshd changed: content, size"
std::string message_of(const Event& event, const Look& look) {
    std::string out = printable_utf8(look.path, 512);
    if (look.action == "created") return out + " was added";
    if (look.action == "removed") return out + " was removed";
    out += " changed";
    const char* separator = ": ";
    for (std::size_t i = 0; i < event.size(); ++i) {
        if (event.field_at(i) != Field::file_changes) continue;
        out += separator + event.value_at(i).to_string();
        separator = ", ";
    }
    return out;
}

}  // namespace

const std::vector<RulePtr>& integrity_rules() {
    static const std::vector<RulePtr> rules{
        make("H01-binary-changed", "A system program or library was changed", Severity::critical,
             {"T1554"}),
        make("H02-webroot-changed", "A file of a web site was added or changed", Severity::critical,
             {"T1491.002", "T1505.003"}),
        make("H03-config-changed", "Settings that decide who gets in were changed", Severity::high,
             {"T1556", "T1685"}),
        make("H04-new-setuid", "A program was given the rights of its owner (setuid or setgid)",
             Severity::critical, {"T1548.001"}),
        make("H05-persistence", "A job or service that starts by itself was added or changed",
             Severity::high, {"T1053.003", "T1543.002"}),
        make("H06-ssh-keys", "The list of keys that may log in was changed", Severity::critical,
             {"T1098.004"}),
        make("H07-preload-pam", "A library that every program loads, or PAM, was changed",
             Severity::critical, {"T1574.006", "T1556.003"}),
        make("upload-changed", "A file was changed or removed after it had been uploaded",
             Severity::high, {"T1565.001"}),
        make("file-changed", "A watched file was changed", Severity::low, {"T1565.001"}, "attack")};
    return rules;
}

void IntegrityDetector::inspect(const Event& event, FindingSink& out) {
    const Look look = look_at(event);
    if (look.path.empty() || look.tree == "recorded") return;
    const auto& rules = integrity_rules();
    if (gained_privilege(event, look)) {
        std::string message = printable_utf8(look.path, 512) + " now runs with the rights of " +
                              printable_utf8(event.text(Field::file_owner), 64) + " (mode " +
                              printable_utf8(event.text(Field::file_mode), 8) + ")";
        out.report(finding_of(rules[kSetuid], event, std::move(message)));
    }
    const auto verdict = judge(look);
    if (!verdict) return;
    Finding finding = finding_of(rules[verdict->rule], event, message_of(event, look));
    finding.severity = verdict->severity;
    out.report(std::move(finding));
}

}  // namespace kentongan::integrity
