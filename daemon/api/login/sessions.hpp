#pragma once
// Who is logged in, and how often somebody has tried in vain. In memory: a restart ends all
// sessions.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/digest.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::api {

struct Session {
    std::string name;
    std::string role;
    std::string csrf;  ///< what every change must bring in X-CSRF-Token
    Timestamp began{};
    Timestamp used{};
};

/// One thread. Cookies are kept as hashes.
class Sessions {
  public:
    static constexpr std::size_t kMost = 1000;
    static constexpr Duration kIdle = std::chrono::hours{2};
    static constexpr Duration kLongest = std::chrono::hours{16};  ///< a shift and its handover

    /// The cookie's value. The one unused for longest goes when there are too many.
    [[nodiscard]] std::string begin(std::string name, std::string role, Timestamp now);
    /// Of a cookie's value; marks it as used. Null when it is unknown or has ended. Valid until the
    /// next call.
    [[nodiscard]] const Session* find(std::string_view cookie, Timestamp now);
    void end(std::string_view cookie);
    /// All of one name: its account is gone or has another role.
    void end_all(std::string_view name);
    [[nodiscard]] std::size_t size() const { return sessions_.size(); }

  private:
    std::map<Sha256Digest, Session> sessions_;
};

/// Slows down guessing: after kFree failures of one key (an account, an address) each further one
/// makes it wait, twice as long every time, up to kLongest. One thread; the table is capped.
class LoginLimiter {
  public:
    static constexpr int kFree = 5;
    static constexpr Duration kFirst = std::chrono::seconds{5};
    static constexpr Duration kLongest = std::chrono::minutes{15};
    static constexpr std::size_t kMost = 10'000;

    /// How long this key still has to wait; zero: it may try.
    [[nodiscard]] Duration wait(std::string_view key, Timestamp now) const;
    void failed(std::string_view key, Timestamp now);
    void succeeded(std::string_view key);

  private:
    struct Entry {
        int failures = 0;
        Timestamp until{};
        Timestamp last{};
    };
    void make_room(Timestamp now);
    std::map<std::string, Entry, std::less<>> entries_;
};

/// The value of cookie `name` in a Cookie header.
[[nodiscard]] std::optional<std::string_view> cookie_of(std::string_view header,
                                                        std::string_view name);

}  // namespace kentongan::api
