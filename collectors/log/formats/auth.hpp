#pragma once
// What sshd, sudo, su and PAM say about logins. One failed attempt is one auth event: programs say
// the same failure in several lines, and which of them counts is written beside each reader.
#include <array>
#include <cstdint>
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Remembers on which SSH connections a failure was already counted, so that the line that ends a
/// connection counts only where nothing else did (a server that takes keys alone). 4,096 slots by
/// hash; a collision or a restart counts one attempt twice at most.
class SshConnections {
  public:
    /// True the first time for this connection.
    bool first_failure(std::string_view ip, std::string_view port, std::string_view pid);

  private:
    std::array<std::uint64_t, 4096> slots_{};
};

/// Adds to `out` what `message` of `program` says; an event that is a login attempt becomes of
/// kind auth. May set context.repeat.
void read_auth_message(std::string_view program, std::string_view pid, std::string_view message,
                       SshConnections& connections, ParseContext& context, Event& out);

/// The readers it chooses from.
void read_sshd(std::string_view pid, std::string_view message, SshConnections& connections,
               Event& out);
void read_sudo(std::string_view message, ParseContext& context, Event& out);
void read_su(std::string_view message, Event& out);
void read_pam(std::string_view program, std::string_view message, Event& out);

/// Makes `out` a login attempt.
void set_attempt(bool success, std::string_view action, Event& out);

}  // namespace kentongan::log
