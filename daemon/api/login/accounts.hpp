#pragma once
// Accounts of people: name, role, a password hashed with Argon2id, and the secret of their
// authenticator app, in a file that only the daemon reads.
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

namespace kentongan::api {

struct Account {
    std::string name;      ///< letters, digits and ._-@ , at most 64
    std::string role;      ///< as of the token file
    std::string password;  ///< Argon2id, in its encoded form
    std::string totp;      ///< secret, bytes; empty: none
};

/// Immutable once read; safe from any thread.
class Accounts {
  public:
    static constexpr std::size_t kMost = 1000;

    /// One account a line, `NAME:ROLE:ARGON2ID:TOTP` (base32, may be empty); empty lines and lines
    /// that begin with # are skipped. `knows_role` says which roles there are. Errors: no_input;
    /// permission when others than the owner may read it; config with file and line.
    [[nodiscard]] static Result<Accounts> read(const std::string& file,
                                               bool (*knows_role)(std::string_view));
    [[nodiscard]] static Result<Accounts> parse(std::string_view text, const std::string& file,
                                                bool (*knows_role)(std::string_view));

    [[nodiscard]] const Account* find(std::string_view name) const;
    [[nodiscard]] bool empty() const { return accounts_.empty(); }
    [[nodiscard]] const std::map<std::string, Account, std::less<>>& all() const {
        return accounts_;
    }

  private:
    std::map<std::string, Account, std::less<>> accounts_;
};

[[nodiscard]] bool is_account_name(std::string_view name);

/// Argon2id with 64 MiB, three passes and one lane (OWASP asks for less): about a tenth of a
/// second. Error: internal, when there is no memory for it.
[[nodiscard]] Result<std::string> hash_password(std::string_view password);
/// Whether the password is the one that was hashed; takes as long when `hash` is null, so that a
/// name that does not exist does not show. Blocking: about a tenth of a second.
[[nodiscard]] bool verify_password(std::string_view password, const std::string* hash);

/// The line of the file.
[[nodiscard]] std::string to_line(const Account& account);

}  // namespace kentongan::api
