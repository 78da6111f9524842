#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

std::string ssh(std::string_view message, int pid = 812) {
    return "Nov 27 16:31:05 jkt-01 sshd[" + std::to_string(pid) + "]: " + std::string(message);
}

TEST(SyslogFormat, Rfc3164TakesItsYearFromTheReference) {
    Reader read{"syslog"};
    const Event& e = read("<38>Nov 27 16:31:05 jkt-01 CRON[99]: (root) CMD (true)");
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z") << "WIB when no zone is stated";
    EXPECT_EQ(said(e, "host.hostname"), "jkt-01");
    EXPECT_EQ(said(e, "process.name"), "CRON");
    EXPECT_EQ(said(e, "process.pid"), "99");
    EXPECT_EQ(said(e, "log.syslog.priority"), "38");
    EXPECT_EQ(said(e, "message"), "(root) CMD (true)");
    EXPECT_EQ(e.logsource.product, "linux");
    EXPECT_EQ(e.logsource.service, "cron");
}

TEST(SyslogFormat, TheYearTurnsWithNewYear) {
    Reader read{"syslog"};
    read.context.reference = *parse_rfc3339("2025-01-03T00:00:00Z");
    EXPECT_EQ(when(read("Dec 31 23:59:59 a b: c")), "2024-12-31T16:59:59.000Z");
    EXPECT_EQ(when(read("Jan  1 07:00:01 a b: c")), "2025-01-01T00:00:01.000Z");
    EXPECT_EQ(when(read("Dec 31 23:59:59 a b: c")), "2024-12-31T16:59:59.000Z");
    EXPECT_EQ(when(read("Feb 28 2023 07:00:00 a b: c")), "2023-02-28T00:00:00.000Z");
}

TEST(SyslogFormat, TheLeapDayOfAnOtherYearIsFound) {
    Reader read{"syslog"};
    read.context.reference = *parse_rfc3339("2025-01-03T00:00:00Z");
    EXPECT_EQ(when(read("Feb 29 07:00:00 a b: c")), "2024-02-29T00:00:00.000Z");
}

TEST(SyslogFormat, RsyslogsFileFormatStatesItsZone) {
    Reader read{"syslog"};
    const Event& e = read(
        "2024-11-27T16:31:05.120345+07:00 jkt-01 sudo:  budi : TTY=pts/0 ; PWD=/home/budi ; "
        "USER=root ; COMMAND=/usr/bin/id ; x");
    EXPECT_EQ(to_rfc3339(e.time, 6), "2024-11-27T09:31:05.120345Z");
    EXPECT_EQ(said(e, "process.name"), "sudo");
}

TEST(SyslogFormat, Rfc5424HasItsFieldsAndLosesItsByteOrderMark) {
    Reader read{"syslog"};
    const Event& e = read(
        "<34>1 2024-11-27T09:31:05.003Z jkt-01 app 812 ID47 [a@1 k=\"v\\\"]\"][b@2] "
        "\xEF\xBB\xBFhello");
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.003Z");
    EXPECT_EQ(said(e, "process.name"), "app");
    EXPECT_EQ(said(e, "log.syslog.msgid"), "ID47");
    EXPECT_EQ(said(e, "log.syslog.structured_data"), "[a@1 k=\"v\\\"]\"][b@2]");
    EXPECT_EQ(said(e, "message"), "hello");
    EXPECT_EQ(e.logsource.service, "syslog");
    EXPECT_EQ(said(read("<34>1 - - - - - - hello"), "message"), "hello");
    EXPECT_EQ(read.result, ParseResult::parsed);
}

TEST(SyslogFormat, ARelaysHeaderIsPassedOver) {
    Reader read{"syslog"};
    const Event& e = read(
        "<13>Nov 27 16:31:09 relay <38>Nov 27 16:31:05 jkt-02 sshd[5]: Server listening on :: port "
        "22.");
    EXPECT_EQ(said(e, "host.hostname"), "jkt-02");
    EXPECT_EQ(when(e), "2024-11-27T09:31:05.000Z");
    EXPECT_EQ(said(e, "log.syslog.priority"), "38");
    EXPECT_EQ(e.logsource.service, "sshd");
    read("<13>Nov 27 16:31:09 relay 2024-11-27T09:31:05Z jkt-03 su[5]: x");
    EXPECT_EQ(said(read.event, "host.hostname"), "jkt-03");
    read("<13>1 2024-11-27T09:31:09Z relay - - - - <38>Nov 27 16:31:05 jkt-04 su[5]: x");
    EXPECT_EQ(said(read.event, "host.hostname"), "jkt-04");
}

TEST(SyslogFormat, WhatAProgramSaysIsNoHeader) {
    Reader read{"syslog"};
    const Event& e = read(
        "Nov 27 16:31:05 jkt-01 app: Nov 27 16:31:05 fake sshd[1]: Accepted "
        "password for root from 10.0.0.1 port 2 ssh2");
    EXPECT_EQ(said(e, "host.hostname"), "jkt-01");
    EXPECT_EQ(e.kind, EventKind::log);
}

TEST(SyslogFormat, AHostMayBeMissing) {
    Reader read{"syslog"};
    const Event& e = read("Nov 27 16:31:05 app[3]: hello");
    EXPECT_EQ(said(e, "process.name"), "app");
    EXPECT_FALSE(e.has(Field::host_hostname));
    EXPECT_EQ(said(e, "message"), "hello");
}

TEST(SyslogFormat, OtherTextIsUnparsed) {
    Reader read{"syslog"};
    for (const std::string_view line : {"hello", "<34>", "<999>Nov 27 16:31:05 a b: c", "Nov",
                                        "Nov 99 16:31:05 a b: c", "<34>1 x", "\x01\x02"}) {
        read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
    }
}

TEST(SshdFormat, FailedPasswordForInvalidUserIsAnAuthFailure) {
    Reader read{"syslog"};
    const Event& e =
        read(ssh("Failed password for invalid user admin from 203.0.113.9 port 40022 ssh2"));
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "event.action"), "ssh-login-invalid-user");
    EXPECT_EQ(said(e, "event.category"), "authentication");
    EXPECT_EQ(said(e, "user.name"), "admin");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "source.port"), "40022");
    EXPECT_EQ(e.logsource.service, "sshd");
}

TEST(SshdFormat, AUserNameCannotForgeTheAddress) {
    Reader read{"syslog"};
    const Event& e =
        read(ssh("Failed password for invalid user x from 10.0.0.1 port 22 ssh2 from "
                 "203.0.113.9 port 40022 ssh2"));
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "user.name"), "x from 10.0.0.1 port 22 ssh2");
}

TEST(SshdFormat, AcceptedLoginsSucceedUnderEitherName) {
    Reader read{"syslog"};
    const Event& e = read(
        "Nov 27 16:31:05 jkt-01 sshd-session[7]: Accepted publickey for budi from "
        "2001:db8::1 port 5 ssh2: ED25519 SHA256:abc from port");
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(said(e, "event.outcome"), "success");
    EXPECT_EQ(said(e, "user.name"), "budi");
    EXPECT_EQ(said(e, "source.ip"), "2001:db8::1");
    EXPECT_EQ(e.logsource.service, "sshd");
}

unsigned failures(Reader& read, const std::vector<std::string>& lines) {
    unsigned count = 0;
    for (const auto& line : lines) {
        const Event& e = read(line);
        EXPECT_EQ(read.result, ParseResult::parsed) << line;
        if (e.kind == EventKind::auth && said(e, "event.outcome") == "failure")
            count += read.context.repeat;
    }
    return count;
}

TEST(SshdFormat, OnePasswordAttemptIsCountedOnce) {
    Reader read{"syslog"};
    EXPECT_EQ(
        failures(read, {ssh("Invalid user admin from 203.0.113.9 port 4"),
                        ssh("pam_unix(sshd:auth): authentication failure; logname= uid=0 "
                            "euid=0 tty=ssh ruser= rhost=203.0.113.9  user=admin"),
                        ssh("Failed none for invalid user admin from 203.0.113.9 port 4 ssh2"),
                        ssh("Failed password for invalid user admin from 203.0.113.9 port 4 "
                            "ssh2"),
                        ssh("Connection closed by invalid user admin 203.0.113.9 port 4 "
                            "[preauth]")}),
        1u);
}

TEST(SshdFormat, EveryPasswordOfAConnectionCounts) {
    Reader read{"syslog"};
    const auto failed = ssh("Failed password for root from 203.0.113.9 port 4 ssh2");
    EXPECT_EQ(failures(read, {failed, failed, failed,
                              ssh("error: maximum authentication attempts exceeded for root from "
                                  "203.0.113.9 port 4 ssh2 [preauth]"),
                              ssh("Disconnecting authenticating user root 203.0.113.9 port 4: Too "
                                  "many authentication failures [preauth]"),
                              ssh("PAM 2 more authentication failures; logname= uid=0 euid=0 "
                                  "tty=ssh ruser= rhost=203.0.113.9  user=root")}),
              3u);
}

TEST(SshdFormat, OnAServerThatTakesKeysOnlyTheEndOfTheConnectionCounts) {
    Reader read{"syslog"};
    EXPECT_EQ(failures(read, {ssh("Invalid user admin from 203.0.113.9 port 4", 10),
                              ssh("Connection closed by invalid user admin 203.0.113.9 port 4 "
                                  "[preauth]",
                                  10),
                              ssh("Failed publickey for root from 203.0.113.9 port 4 ssh2: RSA "
                                  "SHA256:abc",
                                  11),
                              ssh("Disconnected from authenticating user root 203.0.113.9 port 4 "
                                  "[preauth]",
                                  11)}),
              2u);
}

TEST(SshdFormat, KeyboardInteractiveCountsThePamErrorAlone) {
    Reader read{"syslog"};
    EXPECT_EQ(
        failures(read, {ssh("error: PAM: Authentication failure for root from 203.0.113.9"),
                        ssh("Failed keyboard-interactive/pam for root from 203.0.113.9 port 4 "
                            "ssh2"),
                        ssh("Connection closed by authenticating user root 203.0.113.9 port 4 "
                            "[preauth]")}),
        1u);
}

TEST(SshdFormat, RepeatedMessagesCountAsOften) {
    Reader read{"syslog"};
    EXPECT_EQ(failures(read, {ssh("message repeated 4 times: [ Failed password for root from "
                                  "203.0.113.9 port 4 ssh2]")}),
              4u);
    EXPECT_EQ(failures(read, {ssh("message repeated 4000000 times: [ Failed password for root from "
                                  "203.0.113.9 port 4 ssh2]")}),
              100u);
}

TEST(SshdFormat, LogoutsAreNoAttempts) {
    Reader read{"syslog"};
    const Event& e = read(ssh("Disconnected from user budi 10.0.0.5 port 7"));
    EXPECT_EQ(e.kind, EventKind::log);
    EXPECT_EQ(said(e, "user.name"), "budi");
    EXPECT_EQ(said(e, "source.ip"), "10.0.0.5");
    read(ssh("Received disconnect from 10.0.0.5 port 7:11: disconnected by user"));
    EXPECT_EQ(said(read.event, "source.port"), "7");
}

TEST(SudoFormat, ACommandHasItsFields) {
    Reader read{"syslog"};
    const Event& e = read(
        "Nov 27 16:31:05 jkt-01 sudo:     budi : TTY=pts/0 ; PWD=/home/budi ; "
        "USER=#-1 ; COMMAND=/bin/sh -c 'a ; USER=x'");
    EXPECT_EQ(e.kind, EventKind::log);
    EXPECT_EQ(said(e, "event.action"), "sudo-command");
    EXPECT_EQ(said(e, "user.name"), "budi");
    EXPECT_EQ(said(e, "USER"), "#-1");
    EXPECT_EQ(said(e, "user.effective.name"), "#-1");
    EXPECT_EQ(said(e, "process.command_line"), "/bin/sh -c 'a ; USER=x'");
    EXPECT_EQ(said(e, "process.tty.name"), "pts/0");
    EXPECT_EQ(said(e, "process.working_directory"), "/home/budi");
    EXPECT_EQ(e.logsource.service, "sudo");
}

TEST(SudoFormat, WrongPasswordsCountAsOftenAsTheLineSays) {
    Reader read{"syslog"};
    const Event& e = read(
        "Nov 27 16:31:05 jkt-01 sudo: budi : 3 incorrect password attempts ; "
        "TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/id");
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(read.context.repeat, 3u);
    EXPECT_EQ(said(e, "process.command_line"), "/bin/id");
    read(
        "Nov 27 16:31:05 jkt-01 sudo: pam_unix(sudo:auth): authentication failure; logname=budi "
        "uid=1000 euid=0 tty=/dev/pts/0 ruser=budi rhost=  user=budi");
    EXPECT_EQ(read.event.kind, EventKind::log);
    EXPECT_EQ(said(read.event, "pam_user"), "budi");
    read(
        "Nov 27 16:31:05 jkt-01 sudo: budi : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root "
        "; COMMAND=/bin/id");
    EXPECT_EQ(read.event.kind, EventKind::log);
    EXPECT_EQ(said(read.event, "event.action"), "sudo-not-in-sudoers");
    EXPECT_EQ(said(read.event, "event.outcome"), "failure");
}

TEST(SuFormat, EverySpellingIsUnderstood) {
    struct Case {
        std::string_view message;
        std::string_view from;
        std::string_view outcome;
    };
    Reader read{"syslog"};
    for (const auto& [message, from, outcome] :
         {Case{"FAILED SU (to root) budi on pts/0", "budi", "failure"},
          Case{"(to root) budi on pts/0", "budi", "success"},
          Case{"FAILED su for root by budi", "budi", "failure"},
          Case{"Successful su for root by budi", "budi", "success"},
          Case{"- pts/0 budi:root", "budi", "failure"}}) {
        const Event& e = read("Nov 27 16:31:05 h su[7]: " + std::string(message));
        EXPECT_EQ(e.kind, EventKind::auth) << message;
        EXPECT_EQ(said(e, "user.name"), from) << message;
        EXPECT_EQ(said(e, "user.effective.name"), "root") << message;
        EXPECT_EQ(said(e, "event.outcome"), outcome) << message;
    }
}

TEST(PamFormat, OtherProgramsFailuresCount) {
    Reader read{"syslog"};
    const Event& e = read(
        "Nov 27 16:31:05 h vsftpd: pam_unix(vsftpd:auth): authentication failure; "
        "logname= uid=0 euid=0 tty=ftp ruser=a rhost=203.0.113.9  user=budi");
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(said(e, "user.name"), "budi");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "pam_rhost"), "203.0.113.9");
    EXPECT_EQ(e.logsource.service, "vsftpd");
}

}  // namespace
}  // namespace kentongan::log
