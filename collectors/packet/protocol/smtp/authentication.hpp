#pragma once
// The user of an SMTP login (RFC 4954), from PLAIN and LOGIN; passwords are never kept.
#include <cstdint>
#include <string>
#include <string_view>

namespace kentongan::packet::smtp {

/// What follows AUTH, and the lines after it. Pure; for hostile text.
class Authentication {
  public:
    static constexpr std::size_t kLongestUser = 256;

    /// "PLAIN AGFuaQBy…", "LOGIN", "LOGIN YW5p", "XOAUTH2 …".
    void begin(std::string_view command);
    /// A line of the client while the login goes on.
    void line(std::string_view text);
    /// Empty where it is not known.
    [[nodiscard]] const std::string& user() const { return user_; }

  private:
    enum class Awaits : std::uint8_t { nothing, plain, login };

    Awaits awaits_ = Awaits::nothing;
    std::string user_;
};

}  // namespace kentongan::packet::smtp
