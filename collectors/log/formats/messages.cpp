// Who reads which program's messages.
#include "collectors/log/formats/messages.hpp"

#include <algorithm>

#include "collectors/log/formats/audit_record.hpp"
#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/system_messages.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr unsigned kMaximumRepeat = 100;

std::string_view service_of(std::string_view program) {
    struct Service {
        std::string_view program;
        std::string_view service;
    };
    static constexpr Service kServices[] = {
        {"sshd", "sshd"},           {"sshd-session", "sshd"}, {"sshd-auth", "sshd"},
        {"sudo", "sudo"},           {"cron", "cron"},         {"CRON", "cron"},
        {"crond", "cron"},          {"vsftpd", "vsftpd"},     {"clamd", "clamav"},
        {"freshclam", "clamav"},    {"clamav", "clamav"},     {"su", "auth"},
        {"login", "auth"},          {"pkexec", "auth"},       {"polkitd", "auth"},
        {"systemd-logind", "auth"}, {"guacd", "guacamole"},   {"useradd", "auth"},
        {"userdel", "auth"},        {"usermod", "auth"},      {"groupadd", "auth"},
        {"groupdel", "auth"},       {"gpasswd", "auth"},      {"passwd", "auth"},
        {"chpasswd", "auth"},       {"chage", "auth"},        {"crontab", "cron"},
        {"clamscan", "clamav"},     {"clamonacc", "clamav"},  {"audispd", "auditd"},
        {"audit", "auditd"},        {"auditd", "auditd"}};
    for (const auto& [name, service] : kServices)
        if (name == program) return service;
    return "syslog";
}

/// rsyslog's and sshd's way to say a line n times at once.
std::string_view unfold_repeats(std::string_view message, ParseContext& context) {
    std::string_view rest = message;
    if (!take(rest, "message repeated ")) return message;
    const auto count = parse_number<unsigned>(take_until(rest, ' '));
    if (!count || !take(rest, "times: [") || !take_back(rest, "]")) return message;
    context.repeat = std::clamp(*count, 1u, kMaximumRepeat);
    (void)take(rest, " ");
    return rest;
}

}  // namespace

/// Where no auditd runs, and from its dispatcher, audit records come as messages.
bool ProgramMessages::read_audit(std::string_view program, std::string_view text,
                                 ParseContext& context, Event& out) {
    if (program != "kernel" && program != "audispd" && program != "audit" && program != "auditd")
        return false;
    const auto start = std::min(text.find("type="), text.find("node="));
    AuditRecord record;
    if (start == std::string_view::npos || !read_audit_record(text.substr(start), record))
        return false;
    set_audit_record(record, context, scratch_, whole_, out);
    return true;
}

void ProgramMessages::read(const ProgramMessage& message, ParseContext& context, Event& out) {
    const auto& [program, pid, text] = message;
    out.set(Field::message, text);
    const auto said = unfold_repeats(text, context);
    if (read_audit(program, said, context, out)) return;
    if (!program.empty()) out.set(Field::process_name, program);
    if (const auto number = parse_number<std::int64_t>(pid)) out.set(Field::process_pid, *number);
    out.logsource = {{}, "linux", service_of(program)};
    read_auth_message(program, pid, said, connections_, context, out);
    if (said.starts_with("pam_")) {
        if (!out.has(Field::event_action)) read_pam_other(said, out);
    } else if (const auto read = system_reader(program)) {
        read(said, out);
    }
}

}  // namespace kentongan::log
