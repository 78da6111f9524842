#pragma once
// What the records of one system call say together, in the terms of Sigma's categories.
#include <string>
#include <string_view>

#include "collectors/log/formats/audit_record.hpp"

namespace kentongan::log {

/// Looks through a block of audit records: an execve that succeeded is a process_creation, a
/// connect a network_connection, a path that was made a file_event; product linux, service auditd.
class AuditMerge {
  public:
    /// `block` stays in place until next() has said false.
    void begin(std::string_view block) {
        block_ = block;
        next_ = 0;
    }
    /// Fields, time and raw (the call's lines) into a clear `out`; context.event_offset is where
    /// its SYSCALL record begins.
    [[nodiscard]] bool next(ParseContext& context, Event& out);

  private:
    bool merge(const AuditRecord& call, ParseContext& context, Event& out);
    void add(const AuditRecord& record, ParseContext& context, Event& out);
    void set_command(const AuditRecord& record, ParseContext& context, Event& out);

    std::string_view block_;
    std::size_t next_ = 0;
    std::string lines_;
    std::string command_;
    std::string piece_;
    std::string whole_;
};

}  // namespace kentongan::log
