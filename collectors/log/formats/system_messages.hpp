#pragma once
// What the system's own programs say beside logins: cron, systemd, account tools, the kernel, and
// a few servers. None of it is a failed login that counts; auth.hpp has those.
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// `(budi) CMD (command)`, `(budi) REPLACE (budi)`: user.name, event.action cron-…, command line.
void read_cron(std::string_view message, Event& out);
/// Units started, stopped, failed: event.action unit-…, systemd.unit, event.outcome.
void read_systemd(std::string_view message, Event& out);
/// useradd, userdel, usermod, groupadd, gpasswd, chpasswd, chage: event.action, user.target.name,
/// group.name.
void read_account(std::string_view message, Event& out);
/// pam_…(service:type) beside failures: sessions, changed passwords, locked accounts.
void read_pam_other(std::string_view message, Event& out);
/// segfault, promiscuous mode, killed for memory, modules, and packets that a firewall logged.
/// The process it is about is named beside "kernel", in process.name and process.pid.
void read_kernel(std::string_view message, Event& out);
/// `[budi] FAIL LOGIN: Client "203.0.113.9"`. Successes are login attempts; a failure is counted by
/// the PAM line beside it.
void read_vsftpd(std::string_view message, Event& out);
/// `/srv/x.php: Php.Webshell-1 FOUND`: Sigma's Filename and Signature, of category antivirus.
void read_clamav(std::string_view message, Event& out);
/// `[sshd] Ban 203.0.113.9`: event.action ban, unban, found.
void read_fail2ban(std::string_view message, Event& out);
/// BIND: `client @0x7f 203.0.113.9#4711 (name): …`: source.ip, source.port, dns.question.name.
void read_named(std::string_view message, Event& out);

/// The reader of a program's messages; nullptr for others.
using MessageReader = void (*)(std::string_view message, Event& out);
[[nodiscard]] MessageReader system_reader(std::string_view program);

}  // namespace kentongan::log
