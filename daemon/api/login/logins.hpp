#pragma once
// Logins: people by name, password and one-time code; then by a cookie and, for every change, the
// session's CSRF token. On the loop; the password is checked elsewhere.
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/api/login/accounts.hpp"
#include "daemon/api/login/sessions.hpp"
#include "daemon/api/message.hpp"
#include "daemon/api/roles.hpp"
#include "daemon/async/task.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::api {

struct LoginAttempt {
    std::string name;
    std::string password;
    std::string code;
};

/// What came of it: a cookie, or why not and how long to wait.
struct LoginOutcome {
    std::string cookie{};
    std::string refusal{};
    Duration wait{};
};

class Logins {
  public:
    static constexpr std::string_view kCookie = "kentongan_session";

    explicit Logins(Metrics& metrics) : metrics_(metrics) {}

    /// Sessions of accounts that are gone, or have another role or password, end.
    void use(std::shared_ptr<const Accounts> accounts);
    [[nodiscard]] bool empty() const { return accounts_ == nullptr || accounts_->empty(); }

    /// A wrong name, password or code all sound the same. `blocking`: where passwords are checked.
    [[nodiscard]] Task<LoginOutcome> attempt(LoginAttempt attempt, std::string peer, Timestamp now,
                                             asio::any_io_executor blocking);

    /// Who sends this request by its cookie; nothing without a session, and for a request that
    /// changes something without its CSRF token.
    [[nodiscard]] std::optional<Identity> identify(const Request& request, Timestamp now);
    /// What changes must bring; empty without a session.
    [[nodiscard]] std::string csrf_of(const Request& request, Timestamp now);
    void end(const Request& request);

  private:
    [[nodiscard]] LoginOutcome settle(const LoginAttempt& attempt, const std::string& peer,
                                      const Account* account, bool right, Timestamp now);

    Metrics& metrics_;
    std::shared_ptr<const Accounts> accounts_;
    Sessions sessions_;
    LoginLimiter limiter_;
    std::map<std::string, std::uint64_t>
        used_codes_;  // account -> newest step; as many as accounts
};

/// "kentongan_session=…; HttpOnly; SameSite=Strict; …"; an empty value ends the cookie.
[[nodiscard]] std::string session_cookie(std::string_view value, bool encrypted);

}  // namespace kentongan::api
