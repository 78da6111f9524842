#pragma once
// One record of the Linux audit log, `type=T msg=audit(seconds.ms:serial): key=value …`, as
// auditd writes it (raw or ENRICHED, where names follow behind a byte 0x1D), and as it stands in
// syslog (`audit: type=1300 audit(…): …`). Source: the audit-documentation project's message
// specification, and linux/kernel/audit.c for the hex encoding of untrusted strings.
#include <optional>
#include <string>
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Views into the line.
struct AuditRecord {
    std::string_view node;  ///< `node=` in front, where the log is of several hosts
    std::string_view type;  ///< a name; the kernel's numbers are translated where known
    Timestamp time{};
    std::uint64_t serial = 0;
    std::string_view body;  ///< what follows the header
};

[[nodiscard]] bool read_audit_record(std::string_view line, AuditRecord& out);

/// A value and how it was written.
struct AuditValue {
    std::string_view text;  ///< without its quotes
    bool quoted = false;
};

/// Takes the next `key=value` off `body`. Words without `=` are passed over, and the quotes around
/// the list of a user space message (`msg='op=… res=success'`) are opened.
[[nodiscard]] bool take_audit_pair(std::string_view& body, std::string_view& key,
                                   AuditValue& value);

/// The first value of `key`, empty when there is none.
[[nodiscard]] std::string_view audit_value(std::string_view body, std::string_view key);

/// An untrusted string: quoted as it is, otherwise in hex. Decodes into `scratch` where needed;
/// empty for `(null)` and `?`.
[[nodiscard]] std::string_view decode_audit(const AuditValue& value, std::string& scratch);
/// The same where the kernel separates parts by NUL (proctitle): by spaces here.
[[nodiscard]] std::string_view decode_proctitle(const AuditValue& value, std::string& scratch);

/// `a12` or `a12[3]`: the argument's number.
[[nodiscard]] std::optional<unsigned> argument_index(std::string_view key);

/// Fields of one record: native names, ECS names beside them. Counts what is left out.
void set_audit_record(const AuditRecord& record, ParseContext& context, std::string& scratch,
                      std::string& whole, Event& out);

/// The ECS names alone, for an event of several records. Adds to what is there already.
void set_audit_known(const AuditRecord& record, std::string& scratch, ParseContext& context,
                     Event& out);

/// Which system call this is: by ENRICHED name, or by number on x86-64 and ARM64 where rules ask
/// for it; empty when that is not known.
[[nodiscard]] std::string_view audit_syscall_name(std::string_view body);

/// Walks the arguments of an EXECVE record: visit(index, text), pieces (`a1[0]=`, `a1[1]=`) joined.
template <class Visit>
void for_each_argument(std::string_view body, std::string& piece, std::string& whole, Visit visit) {
    std::string_view key;
    AuditValue value;
    std::optional<unsigned> current;
    whole.clear();
    while (take_audit_pair(body, key, value)) {
        const auto index = argument_index(key);
        if (!index) continue;
        if (current && *index != *current) {
            visit(*current, std::string_view(whole));
            whole.clear();
        }
        current = index;
        whole += decode_audit(value, piece);
    }
    if (current) visit(*current, std::string_view(whole));
}

}  // namespace kentongan::log
