// What the records of one system call say together.
#include "collectors/log/formats/audit_merge.hpp"

#include <algorithm>

#include "collectors/log/formats/scan.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::log {

namespace {

constexpr std::size_t kMaximumCommand = std::size_t{128} << 10;
constexpr unsigned kMaximumArguments = 64;

/// Calls visit(offset, line) for every line of the block until it says false.
template <class Visit>
void for_each_line(std::string_view block, std::size_t from, Visit visit) {
    for (auto at = from; at < block.size();) {
        const auto line = block.substr(at, block.find('\n', at) - at);
        if (!visit(at, line)) return;
        at += line.size() + 1;
    }
}

std::string_view category_of(std::string_view call) {
    if (call == "execve" || call == "execveat") return "process_creation";
    return call == "connect" ? "network_connection" : "file_event";
}

/// A connection in the background counts: it has begun.
bool succeeded(const AuditRecord& call) {
    return audit_value(call.body, "success") != "no" || audit_value(call.body, "exit") == "-115";
}

}  // namespace

bool AuditMerge::next(ParseContext& context, Event& out) {
    bool found = false;
    for_each_line(block_, next_, [&](std::size_t offset, std::string_view line) {
        next_ = offset + line.size() + 1;
        AuditRecord call;
        if (!read_audit_record(line, call) || call.type != "SYSCALL" || !succeeded(call))
            return true;
        found = merge(call, context, out);
        if (found)
            context.event_offset = offset;
        else
            out.clear();
        return !found;
    });
    return found;
}

/// False when the call is of no category.
bool AuditMerge::merge(const AuditRecord& call, ParseContext& context, Event& out) {
    const auto category = category_of(audit_syscall_name(call.body));
    lines_.clear();
    command_.clear();
    bool executed = category == "process_creation";
    set_audit_known(call, piece_, context, out);
    for_each_line(block_, 0, [&](std::size_t, std::string_view line) {
        AuditRecord record;
        if (!read_audit_record(line, record) || record.serial != call.serial) return true;
        if (!lines_.empty()) lines_ += '\n';
        lines_ += line;
        executed = executed || record.type == "EXECVE";  // a call whose number is not known
        add(record, context, out);
        return true;
    });
    out.logsource = {executed ? "process_creation" : category, "linux", "auditd"};
    if (executed && !command_.empty()) out.set(Field::process_command_line, command_);
    if (executed && command_.empty() && out.has(Field::process_title))
        out.set(Field::process_command_line, std::string(out.text(Field::process_title)));
    if (!executed &&
        !out.has(category == "network_connection" ? Field::destination_ip : Field::file_path))
        return false;
    out.time = call.time;
    out.set(Field::event_action, executed                   ? "exec"
                                 : category == "file_event" ? "creation"
                                                            : "connect");
    out.set(Field::event_category, executed                   ? "process"
                                   : category == "file_event" ? "file"
                                                              : "network");
    out.set(Field::event_sequence, static_cast<std::int64_t>(call.serial));
    if (!call.node.empty()) out.set(Field::host_hostname, call.node);
    if (!out.has(Field::user_name) && out.text(Field::user_id) == "0")
        out.set(Field::user_name, "root");
    out.set_raw(lines_);
    return true;
}

/// What a record of the call adds to the SYSCALL itself.
void AuditMerge::add(const AuditRecord& record, ParseContext& context, Event& out) {
    if (record.type == "EXECVE") return set_command(record, context, out);
    if (record.type == "CWD" || record.type == "SOCKADDR" || record.type == "PROCTITLE")
        return set_audit_known(record, piece_, context, out);
    if (record.type == "PATH" && audit_value(record.body, "nametype") == "CREATE" &&
        !out.has(Field::file_path))
        set_audit_known(record, piece_, context, out);
}

void AuditMerge::set_command(const AuditRecord& record, ParseContext& context, Event& out) {
    const auto visit = [&](unsigned index, std::string_view text) {
        if (index < kMaximumArguments)
            out.set(Field::process_args, text);
        else
            ++context.left_out;
        if (index > 0) command_ += ' ';
        command_ += text.substr(0, kMaximumCommand - std::min(kMaximumCommand, command_.size()));
    };
    for_each_argument(record.body, piece_, whole_, visit);
}

}  // namespace kentongan::log
