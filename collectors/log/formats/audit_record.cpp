// Reading one audit record: its header, its pairs, and the values the kernel encoded.
#include "collectors/log/formats/audit_record.hpp"

#include <algorithm>
#include <array>

#include "collectors/log/formats/scan.hpp"
#include "collectors/log/formats/signs.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr char kEnriched = 0x1D;

struct TypeNumber {
    std::string_view number;
    std::string_view name;
};
/// What the kernel writes to its own log where no auditd runs (linux/audit.h).
constexpr std::array kTypes{
    TypeNumber{"1006", "LOGIN"},
    TypeNumber{"1100", "USER_AUTH"},
    TypeNumber{"1101", "USER_ACCT"},
    TypeNumber{"1105", "USER_START"},
    TypeNumber{"1106", "USER_END"},
    TypeNumber{"1112", "USER_LOGIN"},
    TypeNumber{"1123", "USER_CMD"},
    TypeNumber{"1130", "SERVICE_START"},
    TypeNumber{"1131", "SERVICE_STOP"},
    TypeNumber{"1300", "SYSCALL"},
    TypeNumber{"1302", "PATH"},
    TypeNumber{"1305", "CONFIG_CHANGE"},
    TypeNumber{"1306", "SOCKADDR"},
    TypeNumber{"1307", "CWD"},
    TypeNumber{"1309", "EXECVE"},
    TypeNumber{"1320", "EOE"},
    TypeNumber{"1325", "NETFILTER_CFG"},
    TypeNumber{"1326", "SECCOMP"},
    TypeNumber{"1327", "PROCTITLE"},
    TypeNumber{"1330", "KERN_MODULE"},
    TypeNumber{"1334", "BPF"},
    TypeNumber{"1400", "AVC"},
    TypeNumber{"1700", "ANOM_PROMISCUOUS"},
    TypeNumber{"1701", "ANOM_ABEND"},
};

/// "1732699865.120:37): " off the front.
bool take_stamp(std::string_view& rest, AuditRecord& out) {
    const auto seconds = parse_number<std::int64_t>(take_until(rest, '.'));
    const auto milliseconds = parse_number<std::int64_t>(take_until(rest, ':'));
    const auto serial = parse_number<std::uint64_t>(take_until(rest, ')'));
    if (!seconds || !milliseconds || !serial || *seconds <= 0 || *seconds > 7'258'118'400 ||
        *milliseconds < 0 || *milliseconds > 999)
        return false;
    out.time = from_nanoseconds((*seconds * 1000 + *milliseconds) * 1'000'000);
    out.serial = *serial;
    return take(rest, ":");
}

int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool is_separator(char c) { return c == ' ' || c == kEnriched || c == '\''; }

}  // namespace

bool read_audit_record(std::string_view line, AuditRecord& out) {
    if (take(line, "node=")) out.node = take_until(line, ' ');
    if (!take(line, "type=")) return false;
    out.type = take_until(line, ' ');
    if (out.type.empty() || out.type.size() > 32) return false;
    const auto number = std::ranges::find(kTypes, out.type, &TypeNumber::number);
    if (number != kTypes.end()) out.type = number->name;
    (void)take(line, "msg=");
    if (!take(line, "audit(") || !take_stamp(line, out)) return false;
    out.body = line;
    return true;
}

bool take_audit_pair(std::string_view& body, std::string_view& key, AuditValue& value) {
    while (!body.empty()) {
        if (is_separator(body[0])) {
            body.remove_prefix(1);
            continue;
        }
        const auto end = std::min(
            static_cast<std::size_t>(
                std::ranges::find_if(body, [](char c) { return c == '=' || is_separator(c); }) -
                body.begin()),
            body.size());
        key = body.substr(0, end);
        body.remove_prefix(end);
        if (!take(body, "=")) continue;
        if (take(body, "'")) continue;  // the list of a user space message
        value.quoted = take(body, "\"");
        const auto stop =
            value.quoted
                ? std::min(body.find('"'), body.size())
                : static_cast<std::size_t>(std::ranges::find_if(body, is_separator) - body.begin());
        value.text = body.substr(0, stop);
        body.remove_prefix(std::min(stop + (value.quoted ? 1u : 0u), body.size()));
        if (!key.empty()) return true;
    }
    return false;
}

std::string_view audit_value(std::string_view body, std::string_view wanted) {
    std::string_view key;
    AuditValue value;
    while (take_audit_pair(body, key, value))
        if (key == wanted) return value.text;
    return {};
}

std::string_view decode_audit(const AuditValue& value, std::string& scratch) {
    const auto text = value.text;
    if (value.quoted) return text;
    if (text == "(null)" || text == "?" || text == "(none)") return {};
    const auto is_hex = [](char c) { return hex_digit(c) >= 0; };
    if (text.size() % 2 != 0 || !std::ranges::all_of(text, is_hex)) return text;
    scratch.clear();
    for (std::size_t i = 0; i < text.size(); i += 2)
        scratch += static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
    return scratch;
}

std::string_view decode_proctitle(const AuditValue& value, std::string& scratch) {
    const auto text = decode_audit(value, scratch);
    if (text.data() != scratch.data()) return text;
    while (scratch.ends_with('\0')) scratch.pop_back();
    std::ranges::replace(scratch, '\0', ' ');
    return scratch;
}

std::optional<unsigned> argument_index(std::string_view key) {
    if (!take(key, "a")) return std::nullopt;
    const auto number = parse_number<unsigned>(key.substr(0, key.find('[')));
    if (!number) return std::nullopt;
    const auto bracket = key.find('[');
    if (bracket != std::string_view::npos && !key.ends_with(']')) return std::nullopt;
    return number;
}

std::string_view audit_syscall_name(std::string_view body) {
    struct Call {
        std::string_view x86_64;
        std::string_view arm64;
        std::string_view name;
    };
    // linux/arch/x86/entry/syscalls/syscall_64.tbl, linux/include/uapi/asm-generic/unistd.h
    static constexpr Call kCalls[] = {
        {"59", "221", "execve"},
        {"322", "281", "execveat"},
        {"2", "", "open"},
        {"257", "56", "openat"},
        {"42", "203", "connect"},
        {"49", "200", "bind"},
        {"41", "198", "socket"},
        {"43", "202", "accept"},
        {"288", "242", "accept4"},
        {"56", "220", "clone"},
        {"57", "", "fork"},
        {"58", "", "vfork"},
        {"62", "129", "kill"},
        {"76", "45", "truncate"},
        {"77", "46", "ftruncate"},
        {"82", "", "rename"},
        {"264", "38", "renameat"},
        {"316", "276", "renameat2"},
        {"83", "", "mkdir"},
        {"258", "34", "mkdirat"},
        {"85", "", "creat"},
        {"86", "", "link"},
        {"265", "37", "linkat"},
        {"88", "", "symlink"},
        {"266", "36", "symlinkat"},
        {"87", "", "unlink"},
        {"263", "35", "unlinkat"},
        {"90", "", "chmod"},
        {"91", "52", "fchmod"},
        {"268", "53", "fchmodat"},
        {"92", "", "chown"},
        {"260", "54", "fchownat"},
        {"101", "117", "ptrace"},
        {"105", "146", "setuid"},
        {"165", "40", "mount"},
        {"175", "105", "init_module"},
        {"313", "273", "finit_module"},
        {"176", "106", "delete_module"},
        {"164", "170", "settimeofday"},
        {"227", "112", "clock_settime"},
        {"159", "171", "adjtimex"},
        {"321", "280", "bpf"},
        {"319", "279", "memfd_create"},
        {"310", "270", "process_vm_readv"},
        {"311", "271", "process_vm_writev"},
        {"303", "264", "name_to_handle_at"},
        {"170", "161", "sethostname"},
        {"272", "97", "unshare"},
        {"435", "435", "clone3"},
    };
    const auto name = audit_value(body, "SYSCALL");
    if (!name.empty()) return name;
    const auto number = audit_value(body, "syscall");
    const auto arch = audit_value(body, "arch");
    for (const auto& call : kCalls)
        if (number == call.name || (arch == "c000003e" && number == call.x86_64) ||
            (arch == "c00000b7" && !call.arm64.empty() && number == call.arm64))
            return call.name;
    return {};
}

bool is_audit(std::string_view line) {
    AuditRecord record;
    return read_audit_record(line, record);
}

}  // namespace kentongan::log
