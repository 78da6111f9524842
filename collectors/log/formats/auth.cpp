// What sudo, su and PAM say about logins, and who reads which program's messages.
#include "collectors/log/formats/auth.hpp"

#include <algorithm>

#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr unsigned kMaximumRepeat = 100;

Field named(std::string_view name) { return intern_field(name).value_or(Field::message); }

const Field kSudoUser = named("USER");  // Sigma's sudo rules use sudo's own key
const Field kPamUser = named("pam_user");
const Field kPamHost = named("pam_rhost");

/// "KEY=value ; KEY=value" as sudo writes it; COMMAND is the last and may hold anything.
void set_sudo_fields(std::string_view rest, Event& out) {
    while (!rest.empty()) {
        if (take(rest, "COMMAND=")) return out.set(Field::process_command_line, rest);
        const auto end = rest.find(" ; ");
        const auto item = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 3);
        if (item.starts_with("TTY=")) out.set(Field::process_tty, item.substr(4));
        if (item.starts_with("PWD=")) out.set(Field::process_working_directory, item.substr(4));
        if (item.starts_with("USER=")) {
            out.set(Field::user_effective_name, item.substr(5));
            out.set(kSudoUser, item.substr(5));
        }
    }
}

/// The value of `key=` in PAM's list; up to the next space.
std::string_view pam_value(std::string_view text, std::string_view key) {
    for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1))
        if (at > 0 && text[at - 1] == ' ') {
            const auto value = text.substr(at + key.size());
            return value.substr(0, value.find(' '));
        }
    return {};
}

}  // namespace

void set_attempt(bool success, std::string_view action, Event& out) {
    out.kind = EventKind::auth;
    out.set(Field::event_category, "authentication");
    out.set(Field::event_action, action);
    out.set(Field::event_outcome, success ? "success" : "failure");
}

/// Counted: "n incorrect password attempts" (the line says how many). Not counted: the pam_unix
/// lines beside it; "user NOT in sudoers" and "command not allowed", where the password was right.
void read_sudo(std::string_view message, ParseContext& context, Event& out) {
    if (message.starts_with("pam_")) return read_pam("sudo", message, out);
    const auto colon = message.find(" : ");
    if (colon == std::string_view::npos) return;
    out.set(Field::user_name, trim(message.substr(0, colon)));
    auto rest = message.substr(colon + 3);
    if (rest.starts_with("TTY=") || rest.starts_with("PWD=") || rest.starts_with("USER=")) {
        out.set(Field::event_action, "sudo-command");
        out.set(Field::event_outcome, "success");
        return set_sudo_fields(rest, out);
    }
    const auto end = rest.find(" ; ");
    const auto reason = rest.substr(0, end);
    set_sudo_fields(end == std::string_view::npos ? std::string_view{} : rest.substr(end + 3), out);
    const auto count = parse_number<unsigned>(reason.substr(0, reason.find(' ')));
    if (count && reason.find("incorrect password attempt") != std::string_view::npos) {
        context.repeat = std::clamp(*count, 1u, kMaximumRepeat);
        return set_attempt(false, "sudo-login", out);
    }
    const bool outside = reason.find("NOT in sudoers") != std::string_view::npos;
    out.set(Field::event_action, outside ? "sudo-not-in-sudoers" : "sudo-refused");
    out.set(Field::event_outcome, "failure");
}

/// Counted: su's own line, in the spellings of util-linux ("FAILED SU (to root) budi on pts/0"),
/// shadow ("FAILED su for root by budi") and BSD ("- pts/0 budi:root"); not pam_unix beside it.
void read_su(std::string_view message, Event& out) {
    if (message.starts_with("pam_")) return read_pam("su", message, out);
    std::string_view rest = message;
    std::string_view from;
    std::string_view to;
    bool success = true;
    if (take(rest, "FAILED SU (to ") || (success = take(rest, "(to "))) {
        to = take_until(rest, ')');
        (void)take(rest, " ");
        from = rest.substr(0, rest.find(' '));
        success = message.front() == '(';
    } else if (rest.find(" for ") != std::string_view::npos &&
               rest.find(" by ") != std::string_view::npos) {
        success = rest.starts_with("Successful su for ");
        if (!success && !rest.starts_with("FAILED su for ")) return;
        to = rest.substr(rest.find(" for ") + 5);
        from = to.substr(std::min(to.find(" by ") + 4, to.size()));
        to = to.substr(0, to.find(' '));
    } else if (rest.starts_with("+ ") || rest.starts_with("- ")) {
        success = rest[0] == '+';
        rest.remove_prefix(2);
        (void)take_until(rest, ' ');
        from = take_until(rest, ':');
        to = rest;
    } else {
        return;
    }
    if (!from.empty()) out.set(Field::user_name, from);
    if (!to.empty()) out.set(Field::user_effective_name, to);
    set_attempt(success, "su", out);
}

/// Counted only for programs whose own lines do not (login, vsftpd, dovecot …).
void read_pam(std::string_view program, std::string_view message, Event& out) {
    const auto colon = message.find("): ");
    if (colon == std::string_view::npos) return;
    const auto rest = message.substr(colon + 3);
    if (!rest.starts_with("authentication failure;")) return;
    const auto user = pam_value(rest, "user=");
    const auto host = pam_value(rest, "rhost=");
    if (!user.empty()) {
        if (!out.has(Field::user_name)) out.set(Field::user_name, user);
        out.set(kPamUser, user);
    }
    if (!host.empty()) {
        set_source(host, out);
        out.set(kPamHost, host);
    }
    if (program == "sshd" || program == "sudo" || program == "su")
        out.set(Field::event_action, "pam-failure");
    else
        set_attempt(false, "pam-login", out);
}

void read_auth_message(std::string_view program, std::string_view pid, std::string_view message,
                       SshConnections& connections, ParseContext& context, Event& out) {
    if (program == "sshd" || program == "sshd-session" || program == "sshd-auth") {
        if (message.starts_with("pam_")) return read_pam("sshd", message, out);
        read_sshd(pid, message, connections, out);
    } else if (program == "sudo") {
        read_sudo(message, context, out);
    } else if (program == "su") {
        read_su(message, out);
    } else if (message.starts_with("pam_")) {
        read_pam(program, message, out);
    }
}

}  // namespace kentongan::log
