// What cron, systemd, account tools and a few servers say.
#include "collectors/log/formats/system_messages.hpp"

#include <algorithm>
#include <array>

#include "collectors/log/formats/auth.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

const Field kSignature = named("Signature");  // Sigma's antivirus category
const Field kFilename = named("Filename");

void set_text(Field field, std::string_view text, Event& out) {
    if (!text.empty()) out.set(field, text);
}

/// The text between `before` and `after`; empty when they are not there.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    const auto at = text.find(before);
    if (at == std::string_view::npos) return {};
    const auto rest = text.substr(at + before.size());
    const auto end = rest.find(after);
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

/// "name=eve, UID=1001" as the account tools write it.
std::string_view listed(std::string_view text, std::string_view key) {
    const auto at = text.find(key);
    if (at == std::string_view::npos) return {};
    const auto value = text.substr(at + key.size());
    return value.substr(0, value.find_first_of(", "));
}

bool is_unit(std::string_view word) {
    const auto dot = word.rfind('.');
    if (dot == std::string_view::npos || word.contains(' ')) return false;
    static constexpr std::array<std::string_view, 11> kTypes{
        "service", "socket", "timer", "mount",  "scope",    "slice",
        "target",  "path",   "swap",  "device", "automount"};
    return std::ranges::find(kTypes, word.substr(dot + 1)) != kTypes.end();
}

struct Phrase {
    std::string_view text;
    std::string_view action;
    std::string_view outcome = {};
};

void set_phrase(const Phrase& phrase, Event& out) {
    out.set(Field::event_action, phrase.action);
    set_text(Field::event_outcome, phrase.outcome, out);
}

}  // namespace

void read_cron(std::string_view message, Event& out) {
    std::string_view rest = message;
    if (!take(rest, "(")) return;
    const auto user = take_until(rest, ')');
    if (!take(rest, " ")) return;
    static constexpr Phrase kPhrases[] = {
        {"CMD (", "cron-command"},        {"CMDOUT (", "cron-output"},
        {"CMDEND (", "cron-command-end"}, {"REPLACE (", "cron-replace"},
        {"BEGIN EDIT (", "cron-edit"},    {"END EDIT (", "cron-edit-end"},
        {"LIST (", "cron-list"},          {"DELETE (", "cron-delete"},
        {"RELOAD (", "cron-reload"},      {"AUTH (", "cron-refused", "failure"},
        {"ORPHAN (", "cron-orphan"}};
    for (const auto& phrase : kPhrases) {
        if (!take(rest, phrase.text)) continue;
        (void)take_back(rest, ")");
        set_text(Field::user_name, user, out);
        set_phrase(phrase, out);
        if (phrase.action == "cron-command") set_text(Field::process_command_line, rest, out);
        if (phrase.action == "cron-replace" || phrase.action == "cron-delete")
            set_text(Field::user_target_name, rest, out);
        return;
    }
}

void read_systemd(std::string_view message, Event& out) {
    static constexpr Phrase kStarts[] = {{"Started ", "unit-started", "success"},
                                         {"Stopped ", "unit-stopped", "success"},
                                         {"Starting ", "unit-starting"},
                                         {"Stopping ", "unit-stopping"},
                                         {"Finished ", "unit-finished", "success"},
                                         {"Reloaded ", "unit-reloaded", "success"},
                                         {"Failed to start ", "unit-failed", "failure"},
                                         {"Failed to stop ", "unit-stop-failed", "failure"}};
    for (const auto& phrase : kStarts) {
        std::string_view rest = message;
        if (!take(rest, phrase.text)) continue;
        set_phrase(phrase, out);
        auto unit = rest.substr(0, rest.find(" - "));
        (void)(take_back(unit, "...") || take_back(unit, "."));
        if (is_unit(unit)) out.set(Field::systemd_unit, unit);
        return;
    }
    std::string_view said = message;
    const auto unit = take_until(said, ':');
    if (!is_unit(unit) || !take(said, " ")) return;
    out.set(Field::systemd_unit, unit);
    static constexpr Phrase kSaid[] = {
        {"Failed with result", "unit-failed", "failure"},
        {"Main process exited", "unit-exited"},
        {"Deactivated successfully", "unit-stopped", "success"},
        {"Succeeded", "unit-stopped", "success"},
        {"Scheduled restart job", "unit-restart"},
        {"Start request repeated too quickly", "unit-failed", "failure"}};
    for (const auto& phrase : kSaid)
        if (said.starts_with(phrase.text)) return set_phrase(phrase, out);
}

void read_account(std::string_view message, Event& out) {
    const auto quoted = between(message, "'", "'");
    std::string_view rest = message;
    if (take(rest, "new user: ")) {
        out.set(Field::event_action, "user-added");
        set_text(Field::user_target_name, listed(rest, "name="), out);
    } else if (take(rest, "new group: ") || message.starts_with("group added to ")) {
        out.set(Field::event_action, "group-added");
        set_text(Field::group_name, listed(rest, "name="), out);
    } else if (take(rest, "delete user ")) {
        out.set(Field::event_action, "user-deleted");
        set_text(Field::user_target_name, quoted, out);
    } else if (take(rest, "add '")) {
        out.set(Field::event_action, "user-added-to-group");
        set_text(Field::user_target_name, quoted, out);
        set_text(Field::group_name, between(rest, "group '", "'"), out);
    } else if (take(rest, "delete '")) {
        out.set(Field::event_action, "user-removed-from-group");
        set_text(Field::user_target_name, quoted, out);
        set_text(Field::group_name, between(rest, "group '", "'"), out);
    } else if (take(rest, "change user ") || take(rest, "lock user ") ||
               take(rest, "unlock user ")) {
        const bool password = message.contains("' password");
        out.set(Field::event_action, message[0] == 'l'   ? "user-locked"
                                     : message[0] == 'u' ? "user-unlocked"
                                     : password          ? "password-changed"
                                                         : "user-changed");
        set_text(Field::user_target_name, quoted, out);
    } else if (take(rest, "user ") && rest.contains(" added by ")) {  // gpasswd
        out.set(Field::event_action, "user-added-to-group");
        set_text(Field::user_target_name, take_until(rest, ' '), out);
        set_text(Field::user_name, between(rest, "added by ", " "), out);
        if (take(rest, "added by ")) (void)take_until(rest, ' ');
        if (take(rest, "to group ")) set_text(Field::group_name, trim(rest), out);
    } else if (take(rest, "changed password expiry for ")) {
        out.set(Field::event_action, "password-expiry-changed");
        set_text(Field::user_target_name, trim(rest), out);
    }
}

void read_pam_other(std::string_view message, Event& out) {
    const auto colon = message.find("): ");
    if (colon == std::string_view::npos) return;
    auto rest = message.substr(colon + 3);
    const bool opened = take(rest, "session opened for user ");
    if (opened || take(rest, "session closed for user ")) {
        out.set(Field::event_action, opened ? "session-opened" : "session-closed");
        const auto user = rest.substr(0, rest.find_first_of("( "));
        const auto by = between(rest, " by ", "(");
        const bool other = !by.empty() && by != user;
        set_text(other ? Field::user_effective_name : Field::user_name, user, out);
        if (other) out.set(Field::user_name, by);
    } else if (take(rest, "password changed for ")) {
        out.set(Field::event_action, "password-changed");
        set_text(Field::user_target_name, trim(rest), out);
    } else if (rest.contains("account temporarily locked") || rest.contains("account locked")) {
        out.set(Field::event_action, "account-locked");
        set_text(Field::user_name, between(rest, "user ", " "), out);
    } else if (rest.starts_with("account ") && rest.contains(" has expired")) {
        out.set(Field::event_action, "account-expired");
        set_text(Field::user_name, between(rest, "account ", " "), out);
    }
}

/// "OK LOGIN", "FAIL LOGIN", "OK UPLOAD" …, with the user in brackets before it when known.
void read_vsftpd(std::string_view message, Event& out) {
    std::string_view rest = message;
    std::string_view user;
    if (take(rest, "[")) {
        user = take_until(rest, ']');
        (void)take(rest, " ");
    }
    auto client = between(rest, "Client \"", "\"");
    (void)take(client, "::ffff:");
    if (client.empty()) return;
    set_text(Field::user_name, user, out);
    set_source(client, out);
    if (rest.starts_with("OK LOGIN")) return set_attempt(true, "ftp-login", out);
    static constexpr Phrase kPhrases[] = {{"CONNECT", "ftp-connect"},
                                          {"FAIL LOGIN", "ftp-login", "failure"},
                                          {"OK UPLOAD", "ftp-upload", "success"},
                                          {"FAIL UPLOAD", "ftp-upload", "failure"},
                                          {"OK DOWNLOAD", "ftp-download", "success"},
                                          {"FAIL DOWNLOAD", "ftp-download", "failure"},
                                          {"OK DELETE", "ftp-delete", "success"}};
    for (const auto& phrase : kPhrases) {
        if (!rest.starts_with(phrase.text)) continue;
        set_phrase(phrase, out);
        set_text(Field::file_path, between(rest, "\", \"", "\""), out);
    }
}

void read_clamav(std::string_view message, Event& out) {
    if (!take_back(message, " FOUND")) return;
    const auto colon = message.rfind(": ");
    if (colon == std::string_view::npos) return;
    auto file = message.substr(0, colon);
    auto signature = message.substr(colon + 2);
    if (const auto hash = signature.find('('); hash != std::string_view::npos && hash > 0)
        signature = signature.substr(0, hash);  // "Name(md5:size)"
    out.logsource.category = "antivirus";
    out.set(Field::event_action, "malware-found");
    out.set(kFilename, file);
    out.set(kSignature, signature);
    out.set(Field::file_path, file);
    out.set(Field::rule_name, signature);
}

void read_fail2ban(std::string_view message, Event& out) {
    const auto at = message.find('[');
    if (at == std::string_view::npos) return;
    auto rest = message.substr(at + 1);
    const auto jail = take_until(rest, ']');
    (void)take(rest, " ");
    static constexpr Phrase kPhrases[] = {{"Restore Ban ", "ban"},
                                          {"Ban ", "ban"},
                                          {"Unban ", "unban"},
                                          {"Found ", "found"},
                                          {"Increase Ban ", "ban"}};
    for (const auto& phrase : kPhrases) {
        if (!take(rest, phrase.text)) continue;
        set_phrase(phrase, out);
        out.set(Field::rule_name, jail);
        return set_source(rest.substr(0, rest.find(' ')), out);
    }
}

void read_named(std::string_view message, Event& out) {
    std::string_view rest = message;
    if (const auto at = rest.find("client "); at != std::string_view::npos)
        rest.remove_prefix(at + 7);
    else
        return;
    if (rest.starts_with('@')) (void)take_until(rest, ' ');
    const auto ip = take_until(rest, '#');
    if (!IpAddress::parse(ip)) return;
    set_source(ip, out);
    const auto port = parse_number<std::int64_t>(rest.substr(0, rest.find_first_of(" :")));
    if (port && *port >= 0 && *port <= 65535) out.set(Field::source_port, *port);
    set_text(Field::dns_question_name, between(rest, " (", ")"), out);
}

MessageReader system_reader(std::string_view program) {
    struct Row {
        std::string_view program;
        MessageReader read;
    };
    static constexpr Row kReaders[] = {{"CRON", read_cron},
                                       {"cron", read_cron},
                                       {"crond", read_cron},
                                       {"crontab", read_cron},
                                       {"systemd", read_systemd},
                                       {"kernel", read_kernel},
                                       {"useradd", read_account},
                                       {"userdel", read_account},
                                       {"usermod", read_account},
                                       {"groupadd", read_account},
                                       {"groupdel", read_account},
                                       {"groupmod", read_account},
                                       {"gpasswd", read_account},
                                       {"chpasswd", read_account},
                                       {"chage", read_account},
                                       {"passwd", read_account},
                                       {"vsftpd", read_vsftpd},
                                       {"clamd", read_clamav},
                                       {"clamav", read_clamav},
                                       {"clamscan", read_clamav},
                                       {"clamonacc", read_clamav},
                                       {"named", read_named},
                                       {"fail2ban.actions", read_fail2ban},
                                       {"fail2ban.filter", read_fail2ban},
                                       {"fail2ban", read_fail2ban},
                                       {"fail2ban-server", read_fail2ban}};
    const auto* found = std::ranges::find(kReaders, program, &Row::program);
    return found == std::end(kReaders) ? nullptr : found->read;
}

}  // namespace kentongan::log
