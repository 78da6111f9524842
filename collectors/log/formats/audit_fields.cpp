// From an audit record to fields: the record's own names, which Sigma's auditd rules use, and ECS
// names beside them.
#include <algorithm>
#include <array>

#include "collectors/log/formats/audit_record.hpp"
#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

/// Arguments that become fields of their own; a command line has all of them.
constexpr unsigned kMaximumArguments = 64;

/// Fields the kernel or a program writes in hex when a byte in them could deceive a reader.
constexpr std::array<std::string_view, 18> kUntrusted{
    "acct", "cmd",  "comm", "cwd",   "data", "dir", "exe",      "file",     "grp",
    "key",  "name", "path", "watch", "unit", "vm",  "new-disk", "old-disk", "ocomm"};

enum class Shape : std::uint8_t { text, number, address };
struct Mapping {
    std::string_view key;
    Field field;
    Shape shape = Shape::text;
};
constexpr std::array kMappings{
    Mapping{"pid", Field::process_pid, Shape::number},
    Mapping{"ppid", Field::process_parent_pid, Shape::number},
    Mapping{"exit", Field::process_exit_code, Shape::number},
    Mapping{"exe", Field::process_executable},
    Mapping{"comm", Field::process_name},
    Mapping{"cwd", Field::process_working_directory},
    Mapping{"tty", Field::process_tty},
    Mapping{"uid", Field::user_id},
    Mapping{"euid", Field::user_effective_id},
    Mapping{"auid", Field::user_audit_id},
    Mapping{"gid", Field::group_id},
    Mapping{"UID", Field::user_name},
    Mapping{"EUID", Field::user_effective_name},
    Mapping{"AUID", Field::user_audit_name},
    Mapping{"GID", Field::group_name},
    Mapping{"inode", Field::file_inode},
    Mapping{"mode", Field::file_mode},
    Mapping{"addr", Field::source_ip, Shape::address},
    Mapping{"unit", Field::systemd_unit},
    Mapping{"laddr", Field::destination_ip, Shape::address},
    Mapping{"lport", Field::destination_port, Shape::number},
};

bool is_plain_name(std::string_view key) {
    if (key.empty() || key.size() > 32) return false;
    return std::ranges::all_of(key, [](char c) {
        return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' ||
               c == '-' || c == '.';
    });
}

void set_native(std::string_view key, std::string_view text, ParseContext& context, Event& out) {
    const auto field = is_plain_name(key) ? intern_field(key) : std::nullopt;
    if (field)
        out.set(*field, text);
    else
        ++context.left_out;
}

void set_known(std::string_view key, std::string_view text, Event& out) {
    const auto found = std::ranges::find(kMappings, key, &Mapping::key);
    if (found == kMappings.end() || out.has(found->field)) return;
    if (found->shape == Shape::text) return out.set(found->field, text);
    if (found->shape == Shape::number) {
        if (const auto number = parse_number<std::int64_t>(text)) out.set(found->field, *number);
    } else if (const auto ip = IpAddress::parse(text)) {
        out.set(found->field, *ip);
    }
}

void set_outcome(std::string_view key, std::string_view text, Event& out) {
    if ((key != "success" && key != "res") || out.has(Field::event_outcome)) return;
    const bool good = text == "yes" || text == "success" || text == "1";
    if (good || text == "no" || text == "failed" || text == "0")
        out.set(Field::event_outcome, good ? "success" : "failure");
}

/// Several keys of one record are joined by a byte 1.
void set_keys(std::string_view text, ParseContext& context, Event& out) {
    while (!text.empty()) set_native("key", take_until(text, '\1'), context, out);
}

std::optional<int> byte_at(std::string_view hex, std::size_t index) {
    int value = 0;
    const auto text = hex.substr(std::min(index * 2, hex.size()), 2);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() != 2 || error != std::errc{} || end != text.data() + 2) return std::nullopt;
    return value;
}

/// The kernel's struct sockaddr in hex: family in the host's order (x86-64 and ARM64 are little
/// endian), port in the network's.
void set_socket(std::string_view hex, Event& out) {
    const auto family = byte_at(hex, 0);
    const auto high = byte_at(hex, 2);
    const auto low = byte_at(hex, 3);
    if (!family || !high || !low || (*family != 2 && *family != 10)) return;
    const std::size_t start = *family == 2 ? 4 : 8;
    std::array<std::uint8_t, 16> bytes{};
    const std::size_t length = *family == 2 ? 4 : 16;
    for (std::size_t i = 0; i < length; ++i) {
        const auto byte = byte_at(hex, start + i);
        if (!byte) return;
        bytes[i] = static_cast<std::uint8_t>(*byte);
    }
    const auto ip = *family == 2 ? IpAddress::v4(std::span(bytes).first<4>()) : IpAddress{bytes};
    out.set(Field::destination_ip, ip);
    out.set(Field::destination_port, *high * 256 + *low);
}

void set_arguments(const AuditRecord& record, ParseContext& context, std::string& piece,
                   std::string& whole, Event& out) {
    std::array<char, 4> name{'a'};
    const auto visit = [&](unsigned index, std::string_view text) {
        if (index >= kMaximumArguments) {
            ++context.left_out;
            return;
        }
        const auto end = std::to_chars(name.data() + 1, name.data() + name.size(), index).ptr;
        set_native({name.data(), static_cast<std::size_t>(end - name.data())}, text, context, out);
    };
    for_each_argument(record.body, piece, whole, visit);
}

/// Empty for what says nothing.
std::string_view text_of(std::string_view key, const AuditValue& value, std::string& scratch) {
    if (key == "proctitle") return decode_proctitle(value, scratch);
    if (std::ranges::find(kUntrusted, key) != kUntrusted.end()) return decode_audit(value, scratch);
    const auto text = value.text;
    return text == "(null)" || text == "?" || text == "(none)" ? std::string_view{} : text;
}

/// Whether `acct` is whom somebody changed, not who did something.
bool is_about_account(std::string_view type) {
    return type.starts_with("ADD_") || type.starts_with("DEL_") || type.starts_with("GRP_") ||
           type.starts_with("ACCT_") || type == "USER_MGMT" || type == "USER_CHAUTHTOK";
}

void set_ecs(const AuditRecord& record, std::string_view key, std::string_view text, Event& out) {
    if (key == "saddr") return set_socket(text, out);
    if (key == "proctitle") return out.set(Field::process_title, text);
    if (key == "name" && record.type == "PATH") return out.set(Field::file_path, text);
    if (key == "acct" && is_about_account(record.type))
        return out.set(Field::user_target_name, text);
    if (key == "acct" && !out.has(Field::user_name)) return out.set(Field::user_name, text);
    if (key == "cmd") return out.set(Field::process_command_line, text);
    set_known(key, text, out);
    set_outcome(key, text, out);
}

void set_action(std::string_view type, Event& out) {
    std::array<char, 32> lower{};
    const auto length = std::min(type.size(), lower.size());
    std::ranges::transform(type.substr(0, length), lower.begin(), ascii_lower);
    out.set(Field::event_action, std::string_view(lower.data(), length));
}

const Field kType = intern_field("type").value_or(Field::message);
const Field kSyscallName = intern_field("SYSCALL").value_or(Field::message);

}  // namespace

void set_audit_record(const AuditRecord& record, ParseContext& context, std::string& scratch,
                      std::string& whole, Event& out) {
    out.time = record.time;
    out.logsource = {"audit", "linux", "auditd"};
    out.set(kType, record.type);
    out.set(Field::event_sequence, static_cast<std::int64_t>(record.serial));
    if (!record.node.empty() && !out.has(Field::host_hostname))
        out.set(Field::host_hostname, record.node);
    const bool execve = record.type == "EXECVE";
    if (execve) set_arguments(record, context, scratch, whole, out);
    std::string_view body = record.body;
    std::string_view key;
    AuditValue value;
    while (take_audit_pair(body, key, value)) {
        if (execve && argument_index(key)) continue;
        const auto text = text_of(key, value, scratch);
        if (text.empty()) continue;
        if (key == "key")
            set_keys(text, context, out);
        else
            set_native(key, text, context, out);
        set_ecs(record, key, text, out);
    }
    if (record.type == "SYSCALL" && !out.has(kSyscallName)) {
        const auto name = audit_syscall_name(record.body);
        if (!name.empty()) out.set(kSyscallName, name);
    }
    set_action(record.type, out);
}

void set_audit_known(const AuditRecord& record, std::string& scratch, ParseContext& context,
                     Event& out) {
    std::string_view body = record.body;
    std::string_view key;
    AuditValue value;
    while (take_audit_pair(body, key, value)) {
        const auto text = text_of(key, value, scratch);
        if (text.empty()) continue;
        if (key == "key") set_keys(text, context, out);
        set_ecs(record, key, text, out);
    }
}

}  // namespace kentongan::log
