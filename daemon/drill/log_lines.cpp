#include "daemon/drill/log_lines.hpp"

#include <fmt/format.h>

#include "daemon/drill/generate/night.hpp"

namespace kentongan::drill {

using generate::local_time;

namespace {

std::int64_t milliseconds_of(Timestamp time) { return to_nanoseconds(time) / 1'000'000; }

std::string hex(std::string_view text) {
    std::string out;
    for (const char c : text) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return out;
}

/// As the kernel does: texts with blanks or quotes are in hexadecimal.
std::string audit_text(std::string_view text) {
    if (text.find_first_of(" \"") == std::string_view::npos) return fmt::format("\"{}\"", text);
    return hex(text);
}

std::string csv_quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

}  // namespace

std::string app_line(Timestamp time, const AppCall& call) {
    const auto member = [](std::string_view key, const std::string& value) {
        return value.empty() ? std::string{} : fmt::format(R"(,"{}":"{}")", key, value);
    };
    return fmt::format(
        R"({{"time":"{}","level":"info","event":"{}"{}{}{}{}{}{},"http":{{"method":"POST",)"
        R"("route":"{}","status":{},"userAgent":"Sirekap/3.1 okhttp/4.12.0"}}}})",
        to_rfc3339(time), call.event, member("account", call.account),
        member("device", call.device), member("ip", call.ip), member("kodeTps", call.tps),
        call.more.empty() ? "" : ",", call.more, call.route, call.status);
}

std::string web_line(Timestamp time, const WebRequest& request) {
    return fmt::format(R"({} - - [{} +0700] "{} {} HTTP/1.1" {} {} "{}" "{}")", request.ip,
                       local_time(time, "{:%d/%b/%Y:%H:%M:%S}"), request.method, request.uri,
                       request.status, request.bytes, request.referrer, request.agent);
}

std::string syslog_line(Timestamp time, std::string_view process, std::string_view text) {
    return fmt::format("{} hasil-01 {}[{}]: {}", local_time(time, "{:%b %e %H:%M:%S}"), process,
                       1000 + milliseconds_of(time) % 30000, text);
}

std::string audit_lines(Timestamp time, std::uint64_t serial, const Execution& run) {
    const auto ms = milliseconds_of(time);
    const auto head = [&](std::string_view type) {
        return fmt::format("type={} msg=audit({}.{:03}:{}): ", type, ms / 1000, ms % 1000, serial);
    };
    const auto name = run.exe.substr(run.exe.rfind('/') + 1);
    std::string out =
        head("SYSCALL") +
        fmt::format(
            "arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 "
            "items=2 ppid={0} pid={1} auid={2} uid={2} gid={2} euid={2} suid={2} fsuid={2} "
            "egid={2} sgid={2} fsgid={2} tty=(none) ses=3 comm=\"{3}\" exe=\"{4}\" "
            "subj=unconfined key=\"exec\"\x1D"
            "ARCH=x86_64 SYSCALL=execve AUID=\"{5}\" UID=\"{5}\" GID=\"{5}\" EUID=\"{5}\"\n",
            2000 + serial % 20000, 2001 + serial % 20000, run.uid, name, run.exe, run.user);
    out += head("EXECVE") + fmt::format("argc={}", run.arguments.size());
    std::string title;
    for (std::size_t i = 0; i < run.arguments.size(); ++i) {
        out += fmt::format(" a{}={}", i, audit_text(run.arguments[i]));
        title += (i == 0 ? "" : "00") + hex(run.arguments[i]);
    }
    out += fmt::format("\n{}cwd=\"{}\"\n", head("CWD"), run.folder);
    out += head("PATH") + fmt::format(
                              "item=0 name=\"{}\" inode=100421 dev=08:01 mode=0100755 "
                              "ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 "
                              "cap_fe=0 cap_fver=0\n",
                              run.exe);
    return out + head("PROCTITLE") + "proctitle=" + title;
}

std::string database_line(Timestamp time, const Statement& statement, std::uint64_t serial) {
    const auto message =
        fmt::format("AUDIT: SESSION,{},1,{},{},TABLE,{},{},<not logged>{}{}", serial,
                    statement.group, statement.command, statement.table, csv_quoted(statement.text),
                    statement.rows.empty() ? "" : ",", statement.rows);
    return fmt::format(
        "{0}.{1:03} WIB,{2},\"sirekap\",{3},\"{4}:{5}\",6746{3:04x}.{3:x},{6},\"{7}\",{0} "
        "WIB,9/{6},0,LOG,00000,{8},,,,,,,,,\"{9}\",\"client backend\",,0",
        local_time(time, "{:%Y-%m-%d %H:%M:%S}"), milliseconds_of(time) % 1000,
        csv_quoted(statement.user), 3000 + serial % 20000, statement.address, 40000 + serial % 9999,
        serial, statement.command, csv_quoted(message), statement.application);
}

std::string suricata_line(Timestamp time, std::string_view source, std::string_view destination,
                          std::uint64_t sid, std::string_view signature, int severity) {
    return fmt::format(
        R"({{"timestamp":"{}","flow_id":{},"in_iface":"eth0","event_type":"alert",)"
        R"("src_ip":"{}","src_port":44321,"dest_ip":"{}","dest_port":443,"proto":"TCP",)"
        R"("alert":{{"action":"allowed","gid":1,"signature_id":{},"rev":2,"signature":"{}",)"
        R"("category":"A Network Trojan was detected","severity":{}}}}})",
        to_rfc3339(time, 6), 1'000'000 + sid, source, destination, sid, signature, severity);
}

}  // namespace kentongan::drill
