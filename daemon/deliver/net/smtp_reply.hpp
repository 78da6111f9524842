#pragma once
// Replies of a mail server (RFC 5321 §4.2), a line at a time.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan {

struct SmtpReply {
    int code = 0;
    std::vector<std::string> lines;  ///< texts, printable, 200 bytes each

    /// "550 5.1.1 no such user".
    [[nodiscard]] std::string text() const;
    /// A keyword of an EHLO reply, such as STARTTLS, and what follows it; nothing when it is
    /// absent.
    [[nodiscard]] std::optional<std::string> extension(std::string_view keyword) const;
};

/// Feed it lines without line ends until it answers a reply.
class SmtpReplyReader {
  public:
    static constexpr std::size_t kLineBytes = 2048;
    static constexpr std::size_t kLines = 128;

    /// Nothing: there is more to come. Errors (data) for what is no reply.
    [[nodiscard]] Result<std::optional<SmtpReply>> add(std::string_view line);

  private:
    SmtpReply reply_;
};

/// The HTTP status that says the same, for the schedule of retries: 200; 401 when the login is
/// refused; 422 when this message is (a permanent refusal); else 503.
[[nodiscard]] int status_of(const SmtpReply& reply);

}  // namespace kentongan
