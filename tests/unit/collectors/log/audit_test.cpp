#include "daemon/base/text.hpp"
#include "tests/unit/collectors/log/read.hpp"

namespace kentongan::log {
namespace {

/// One record, ENRICHED when names are given.
std::string record(std::string_view type, int serial, std::string_view body,
                   std::string_view names = {}) {
    std::string out = "type=" + std::string(type) +
                      " msg=audit(1732699865.120:" + std::to_string(serial) +
                      "): " + std::string(body);
    if (!names.empty()) out.append("\x1D").append(names);
    return out + "\n";
}

constexpr std::string_view kCall =
    "arch=c000003e syscall=59 success=yes exit=0 a0=55d a1=55e a2=55f a3=8 items=2 ppid=811 "
    "pid=812 "
    "auid=1000 uid=33 gid=33 euid=33 suid=33 fsuid=33 egid=33 sgid=33 fsgid=33 tty=(none) ses=4 "
    "comm=\"curl\" exe=\"/usr/bin/curl\" subj=unconfined key=\"web-exec\"";
constexpr std::string_view kNames =
    "ARCH=x86_64 SYSCALL=execve AUID=\"budi\" UID=\"www-data\" GID=\"www-data\"";

std::string exec(int serial) {
    return record("SYSCALL", serial, kCall, kNames) +
           record("EXECVE", serial, "argc=3 a0=\"curl\" a1=\"-o\" a2=2F746D702F61206220") +
           record("CWD", serial, "cwd=\"/srv/www\"") +
           record("PATH", serial, "item=0 name=\"/usr/bin/curl\" inode=7 nametype=NORMAL") +
           record("PATH", serial, "item=1 name=\"/lib64/ld.so\" inode=8 nametype=NORMAL") +
           record("PROCTITLE", serial, "proctitle=6375726C002D6F002F746D702F61206220");
}

std::vector<Event> merged(const std::vector<Event>& events) {
    std::vector<Event> out;
    for (const auto& event : events)
        if (event.logsource.category != "audit") out.push_back(event);
    return out;
}

TEST(AuditFormat, EachRecordIsAnEventWithItsOwnNames) {
    Reader read{"audit"};
    const auto events = read.all(exec(37));
    ASSERT_EQ(events.size(), 7u) << "six records and what they say together";
    const Event& call = events[0];
    EXPECT_EQ(to_rfc3339(call.time), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(call.logsource.product, "linux");
    EXPECT_EQ(call.logsource.service, "auditd");
    EXPECT_EQ(said(call, "type"), "SYSCALL");
    EXPECT_EQ(said(call, "syscall"), "59");
    EXPECT_EQ(said(call, "SYSCALL"), "execve");
    EXPECT_EQ(said(call, "exe"), "/usr/bin/curl");
    EXPECT_EQ(said(call, "comm"), "curl");
    EXPECT_EQ(said(call, "key"), "web-exec");
    EXPECT_EQ(said(call, "uid"), "33");
    EXPECT_EQ(said(call, "a0"), "55d") << "a number of the call, no hidden text";
    EXPECT_EQ(said(call, "process.pid"), "812");
    EXPECT_EQ(said(call, "process.parent.pid"), "811");
    EXPECT_EQ(said(call, "user.name"), "www-data");
    EXPECT_EQ(said(call, "user.audit.name"), "budi");
    EXPECT_EQ(said(call, "event.outcome"), "success");
    EXPECT_EQ(said(call, "event.sequence"), "37");
    EXPECT_FALSE(call.has(Field::process_tty)) << "(none) is absence";
    EXPECT_TRUE(call.raw().starts_with("type=SYSCALL"));
    EXPECT_FALSE(call.raw().contains('\n'));
    EXPECT_EQ(said(events[1], "type"), "EXECVE");
    EXPECT_EQ(said(events[1], "a2"), "/tmp/a b ") << "hex, for the space in it";
    EXPECT_EQ(said(events[3], "file.path"), "/usr/bin/curl");
    EXPECT_EQ(said(events[5], "proctitle"), "curl -o /tmp/a b ");
}

TEST(AuditFormat, AnExecveIsAProcessCreation) {
    Reader read{"audit"};
    const auto found = merged(read.all(exec(37)));
    ASSERT_EQ(found.size(), 1u);
    const Event& e = found[0];
    EXPECT_EQ(e.logsource.category, "process_creation");
    EXPECT_EQ(e.logsource.product, "linux");
    EXPECT_EQ(to_rfc3339(e.time), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(said(e, "process.executable"), "/usr/bin/curl");
    EXPECT_EQ(said(e, "process.command_line"), "curl -o /tmp/a b ");
    EXPECT_EQ(said(e, "process.parent.pid"), "811");
    EXPECT_EQ(said(e, "process.working_directory"), "/srv/www");
    EXPECT_EQ(said(e, "user.name"), "www-data");
    EXPECT_EQ(said(e, "user.audit.name"), "budi");
    EXPECT_EQ(said(e, "key"), "web-exec");
    EXPECT_EQ(said(e, "event.action"), "exec");
    EXPECT_TRUE(e.raw().starts_with("type=SYSCALL"));
    EXPECT_TRUE(e.raw().contains("type=PROCTITLE")) << "all its records are the evidence";
}

TEST(AuditFormat, RecordsOfTwoSerialsMayInterleave) {
    Reader read{"audit"};
    const auto one = exec(37);
    const auto two = exec(38);
    const auto half = one.find("type=CWD");
    const auto quarter = two.find("type=EXECVE");
    const auto text =
        one.substr(0, half) + two.substr(0, quarter) + one.substr(half) + two.substr(quarter);
    const auto found = merged(read.all(text));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(said(found[0], "event.sequence"), "37");
    EXPECT_EQ(said(found[1], "event.sequence"), "38");
    EXPECT_EQ(said(found[1], "process.command_line"), "curl -o /tmp/a b ");
    EXPECT_FALSE(found[0].raw().contains(":38)"));
}

TEST(AuditFormat, WithoutAClosingRecordTheCountOfPathsCompletes) {
    Reader read{"audit"};
    std::string text;
    for (const int serial : {37, 38}) {
        const auto all = exec(serial);
        text += all.substr(0, all.find("type=PROCTITLE"));
    }
    std::size_t begun = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = take_until(rest, '\n');
        begun += read.format().fit(line) == Fit::begins;
    }
    EXPECT_EQ(begun, 2u) << "two records, not one that never ends";
}

TEST(AuditFormat, MessagesOfProgramsStandAlone) {
    Reader read{"audit"};
    const auto line = record(
        "USER_AUTH", 40,
        "pid=9 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication "
        "grantors=? acct=\"root\" exe=\"/usr/sbin/sshd\" hostname=203.0.113.9 addr=203.0.113.9 "
        "terminal=ssh res=failed'",
        "UID=\"root\" AUID=\"unset\"");
    EXPECT_EQ(read.format().fit(line), Fit::alone);
    const Event& e = read(std::string_view(line).substr(0, line.size() - 1));
    EXPECT_EQ(read.result, ParseResult::parsed);
    EXPECT_EQ(said(e, "type"), "USER_AUTH");
    EXPECT_EQ(said(e, "op"), "PAM:authentication");
    EXPECT_EQ(said(e, "acct"), "root");
    EXPECT_EQ(said(e, "res"), "failed");
    EXPECT_EQ(said(e, "event.outcome"), "failure");
    EXPECT_EQ(said(e, "source.ip"), "203.0.113.9");
    EXPECT_EQ(said(e, "process.executable"), "/usr/sbin/sshd");
    EXPECT_EQ(e.kind, EventKind::log) << "sshd's own line is the attempt that counts";
    EXPECT_FALSE(e.has(intern_field("grantors").value()));
}

TEST(AuditFormat, AccountToolsNameWhomTheyChanged) {
    Reader read{"audit"};
    const Event& e = read(
        "type=ADD_USER msg=audit(1732699865.120:40): pid=9 uid=0 auid=1000 msg='op=add-user "
        "acct=\"eve\" exe=\"/usr/sbin/useradd\" res=success'\x1DUID=\"root\"");
    EXPECT_EQ(said(e, "user.target.name"), "eve");
    EXPECT_EQ(said(e, "user.name"), "root");
    EXPECT_EQ(said(e, "event.action"), "add_user");
}

TEST(AuditFormat, LongArgumentsComeInPieces) {
    Reader read{"audit"};
    const auto events =
        read.all(record("SYSCALL", 41, kCall) +
                 record("EXECVE", 41, "argc=2 a0=\"sh\" a1_len=8 a1[0]=\"abc\" a1[1]=64650A") +
                 record("EOE", 41, ""));
    const auto found = merged(events);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(said(found[0], "process.command_line"), "sh abcde\n");
    EXPECT_EQ(said(events[1], "a1"), "abcde\n");
    EXPECT_EQ(said(events[0], "SYSCALL"), "execve") << "by its number, in a raw log";
}

TEST(AuditFormat, FailedCallsMakeNoProcess) {
    Reader read{"audit"};
    std::string call(kCall);
    call.replace(call.find("success=yes"), 11, "success=no");
    EXPECT_TRUE(
        merged(read.all(record("SYSCALL", 42, call) + record("PROCTITLE", 42, "proctitle=\"x\"")))
            .empty());
}

TEST(AuditFormat, ConnectionsAndNewFilesHaveTheirCategories) {
    Reader read{"audit"};
    const std::string_view connect =
        "arch=c000003e syscall=42 success=no exit=-115 a0=3 items=0 ppid=1 pid=812 uid=33 "
        "comm=\"nc\" exe=\"/usr/bin/nc\" key=(null)";
    auto found =
        merged(read.all(record("SYSCALL", 50, connect, "SYSCALL=connect UID=\"www-data\"") +
                        record("SOCKADDR", 50, "saddr=0200115CCB0071090000000000000000") +
                        record("PROCTITLE", 50, "proctitle=\"nc\"")));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].logsource.category, "network_connection");
    EXPECT_EQ(said(found[0], "destination.ip"), "203.0.113.9");
    EXPECT_EQ(said(found[0], "destination.port"), "4444");
    EXPECT_EQ(said(found[0], "process.executable"), "/usr/bin/nc");
    found = merged(read.all(record("SYSCALL", 51,
                                   "arch=c000003e syscall=257 success=yes items=2 pid=8 uid=0 "
                                   "exe=\"/usr/bin/touch\"") +
                            record("PATH", 51, "item=0 name=\"/etc/cron.d/\" nametype=PARENT") +
                            record("PATH", 51, "item=1 name=\"/etc/cron.d/x\" nametype=CREATE") +
                            record("PROCTITLE", 51, "proctitle=\"touch\"")));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].logsource.category, "file_event");
    EXPECT_EQ(said(found[0], "file.path"), "/etc/cron.d/x");
    EXPECT_EQ(said(found[0], "user.name"), "root");
}

TEST(AuditFormat, OtherLinesStayRawBesideRecordsAndAlone) {
    Reader read{"audit"};
    for (const std::string_view line :
         {"hello", "type=SYSCALL", "type=SYSCALL msg=audit(1.2:", "type= msg=audit(1.120:3): x",
          "type=X msg=audit(99999999999999.1:1): a=b"}) {
        read(line);
        EXPECT_EQ(read.result, ParseResult::unparsed) << line;
        EXPECT_EQ(read.event.logsource.service, "auditd");
    }
    const auto events = read.all(record("SYSCALL", 60, kCall) + "junk\n" +
                                 record("PROCTITLE", 60, "proctitle=\"x\""));
    ASSERT_GE(events.size(), 3u);
    EXPECT_EQ(events[1].raw(), "junk");
    EXPECT_EQ(events[1].size(), 0u);
}

TEST(AuditFormat, ManyOpenSerialsAreBounded) {
    Reader read{"audit"};
    std::string text;
    for (int serial = 1; serial <= 1000; ++serial) text += record("SYSCALL", serial, kCall);
    EXPECT_GE(read.all(text).size(), 1000u);
    EXPECT_GT(read.context.left_out, 0u) << "those pushed out are counted";
}

}  // namespace
}  // namespace kentongan::log
