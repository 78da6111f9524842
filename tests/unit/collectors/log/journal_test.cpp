#include "collectors/log/formats/journal_entry.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

TEST(JournalFormat, AnEntryIsReadAsItsSyslogLineWouldBe) {
    Reader read{"journal"};
    const Event& e = read(
        R"({"__REALTIME_TIMESTAMP":"1732699865120345","_HOSTNAME":"jkt-01","PRIORITY":"6",)"
        R"("SYSLOG_FACILITY":"4","SYSLOG_IDENTIFIER":"sshd","_PID":"812","_COMM":"sshd",)"
        R"("_EXE":"/usr/sbin/sshd","_CMDLINE":"sshd: root [priv]","_UID":"0",)"
        R"("_SYSTEMD_UNIT":"ssh.service","MESSAGE":"Failed password for root from 203.0.113.9 )"
        R"(port 40022 ssh2"})");
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(to_rfc3339(e.time, 6), "2024-11-27T09:31:05.120345Z");
    EXPECT_EQ(e.kind, EventKind::auth);
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "user.name"), "root");
    EXPECT_EQ(said(e, "process.name"), "sshd");
    EXPECT_EQ(said(e, "process.pid"), "812");
    EXPECT_EQ(said(e, "host.hostname"), "jkt-01");
    EXPECT_EQ(said(e, "systemd.unit"), "ssh.service");
    EXPECT_EQ(said(e, "log.syslog.severity.code"), "6");
    EXPECT_EQ(said(e, "log.syslog.priority"), "38");
    EXPECT_EQ(said(e, "user.id"), "0");
    EXPECT_EQ(e.logsource.product, "linux");
    EXPECT_EQ(e.logsource.service, "sshd");
    EXPECT_TRUE(e.raw().starts_with("{\"__REAL"));
}

TEST(JournalFormat, TheSenderIsNoProgramThatWasStarted) {
    Reader read{"journal"};
    const Event& e = read(
        R"({"__REALTIME_TIMESTAMP":"1732699865120345","_EXE":"/usr/bin/nc","_CMDLINE":"nc -l",)"
        R"("MESSAGE":"x"})");
    EXPECT_FALSE(e.has(Field::process_executable));
    EXPECT_FALSE(e.has(Field::process_command_line));
    EXPECT_EQ(said(e, "_EXE"), "/usr/bin/nc");
    EXPECT_EQ(said(e, "_CMDLINE"), "nc -l");
}

TEST(JournalFormat, AMessageHasFourShapes) {
    Reader read{"journal"};
    const auto message = [&](std::string_view value) {
        return said(read(R"({"__REALTIME_TIMESTAMP":"1732699865120345","_COMM":"app","MESSAGE":)" +
                         std::string(value) + "}"),
                    "message");
    };
    EXPECT_EQ(message(R"("text")"), "text");
    EXPECT_EQ(message("[104,105,255]"), "hi\xFF") << "bytes that are not UTF-8";
    EXPECT_EQ(message(R"(["one","two"])"), "one\ntwo") << "given twice";
    EXPECT_EQ(message(R"([[104,105],"two"])"), "hi\ntwo");
    EXPECT_EQ(message("null"), "") << "too long for journalctl";
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(said(read.event, "process.name"), "app");
    EXPECT_EQ(message("[300]"), "");
    EXPECT_EQ(message(R"([[["deep"]]])"), "");
}

TEST(JournalFormat, WhatSystemdSpeaksOfIsTheUnit) {
    Reader read{"journal"};
    EXPECT_EQ(
        said(read(R"({"__REALTIME_TIMESTAMP":"1732699865120345","SYSLOG_IDENTIFIER":"systemd",)"
                  R"("_SYSTEMD_UNIT":"init.scope","UNIT":"nginx.service","MESSAGE":"x"})"),
             "systemd.unit"),
        "nginx.service");
}

TEST(JournalFormat, OtherObjectsAreUnparsed) {
    Reader read{"journal"};
    for (const std::string_view line :
         {R"({"msg":"hello"})", "{}", "hello", R"({"MESSAGE":null})", R"(["MESSAGE"])"}) {
        read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
    }
}

TEST(JournalReader, ReadsKeysAndValuesWithoutJson) {
    JournalEntry entry;
    JournalReader reader;
    ParseContext context;
    Event event;
    for (const std::string_view user : {"root", "admin"}) {
        entry.clear();
        entry.add("__REALTIME_TIMESTAMP", "1732699865120345");
        entry.add("_HOSTNAME", "jkt-01");
        entry.add("SYSLOG_IDENTIFIER", "sshd-session");
        entry.add("_PID", "9");
        entry.add("_BOOT_ID", "passed over");
        entry.add("MESSAGE", "Accepted password for " + std::string(user) +
                                 " from 203.0.113.9 port 40022 ssh2");
        EXPECT_EQ(reader.read(entry, context, event), ParseResult::parsed);
        EXPECT_EQ(said(event, "user.name"), user);
        EXPECT_EQ(event.kind, EventKind::auth);
        EXPECT_EQ(when(event), "2024-11-27T09:31:05.120Z");
        EXPECT_EQ(event.raw(), "jkt-01 sshd-session[9]: Accepted password for " +
                                   std::string(user) + " from 203.0.113.9 port 40022 ssh2");
    }
    entry.clear();
    entry.add("MESSAGE", "no time");
    EXPECT_EQ(reader.read(entry, context, event), ParseResult::parsed);
    EXPECT_EQ(when(event), "2024-11-27T09:31:05.120Z") << "that of the entry before";
    entry.clear();
    EXPECT_EQ(reader.read(entry, context, event), ParseResult::unparsed);
}

TEST(JournalEntry, LongAndRepeatedValuesAreBounded) {
    JournalEntry entry;
    entry.add("MESSAGE", std::string(100'000, 'x'));
    for (int i = 0; i < 1000; ++i) entry.add("MESSAGE", "y");
    EXPECT_EQ(entry.get(JournalEntry::Key::message).size(), JournalEntry::kMaximumValue);
    EXPECT_EQ(entry.cut(), 1001u);
    entry.clear();
    EXPECT_EQ(entry.get(JournalEntry::Key::message), "");
    EXPECT_EQ(entry.cut(), 0u);
}

}  // namespace
}  // namespace kentongan::log
