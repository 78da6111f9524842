#pragma once
// What the programs of a Linux system say, by the tag they say it under: the same for a syslog
// line, a journal entry and whatever else carries such messages.
#include <string>
#include <string_view>

#include "collectors/log/formats/auth.hpp"

namespace kentongan::log {

/// One message as it came, without its header.
struct ProgramMessage {
    std::string_view program;  ///< the tag without its folder; may be empty
    std::string_view pid;
    std::string_view text;
};

/// Reads one input's messages: remembers which SSH connections have failed already (auth.hpp).
class ProgramMessages {
  public:
    /// Sets the logsource (linux, service by program), message, process.name, process.pid and what
    /// the program says. May set context.repeat.
    void read(const ProgramMessage& message, ParseContext& context, Event& out);

  private:
    [[nodiscard]] bool read_audit(std::string_view program, std::string_view text,
                                  ParseContext& context, Event& out);

    SshConnections connections_;
    std::string scratch_;
    std::string whole_;
};

}  // namespace kentongan::log
