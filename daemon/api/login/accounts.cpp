// The file of accounts, and Argon2id by libargon2.
#include "daemon/api/login/accounts.hpp"

#include <argon2.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "daemon/api/login/totp.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace {

constexpr std::uint32_t kPasses = 3;
constexpr std::uint32_t kMemoryKiB = 64 * 1024;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kLongestPassword = 1024;

Result<> refuse_readable(const std::string& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
        return fail(ErrorCode::permission, "api.accounts_file {}: others may read it; chmod 600 {}",
                    file, file);
    return {};
}

std::unexpected<Error> line_error(const std::string& file, std::size_t line, std::string_view why) {
    return fail(ErrorCode::config, "{}:{}: {}; make a line with: kentongan account add NAME", file,
                line, why);
}

}  // namespace

bool is_account_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-' || c == '@';
    });
}

Result<Accounts> Accounts::read(const std::string& file, bool (*knows_role)(std::string_view)) {
    const auto text = read_file(file, std::size_t{1} << 20);
    if (!text) return std::unexpected(text.error().within("api.accounts_file"));
    if (auto closed = refuse_readable(file); !closed) return std::unexpected(closed.error());
    return parse(*text, file, knows_role);
}

Result<Accounts> Accounts::parse(std::string_view text, const std::string& file,
                                 bool (*knows_role)(std::string_view)) {
    Accounts out;
    for (std::size_t line = 1; !text.empty(); ++line) {
        std::string_view rest = trim(take_until(text, '\n'));
        if (rest.empty() || rest.starts_with('#')) continue;
        Account account;
        account.name = take_until(rest, ':');
        account.role = take_until(rest, ':');
        account.password = take_until(rest, ':');
        if (!is_account_name(account.name)) return line_error(file, line, "no name of an account");
        if (!knows_role(account.role))
            return line_error(file, line,
                              fmt::format("no role {}", printable_utf8(account.role, 40)));
        if (!account.password.starts_with("$argon2id$"))
            return line_error(file, line, "the password is not hashed with Argon2id");
        const auto secret = from_base32(rest);
        if (!secret) return line_error(file, line, "the TOTP secret is not base32");
        account.totp = *secret;
        if (out.accounts_.size() == kMost)
            return line_error(file, line, fmt::format("more than {} accounts", kMost));
        if (out.accounts_.contains(account.name))
            return line_error(file, line, "there is a second account of this name");
        out.accounts_.emplace(account.name, std::move(account));
    }
    return out;
}

const Account* Accounts::find(std::string_view name) const {
    const auto found = accounts_.find(name);
    return found == accounts_.end() ? nullptr : &found->second;
}

Result<std::string> hash_password(std::string_view password) {
    std::array<unsigned char, kSaltBytes> salt;
    RAND_bytes(salt.data(), static_cast<int>(salt.size()));
    std::string out(
        argon2_encodedlen(kPasses, kMemoryKiB, kLanes, kSaltBytes, kHashBytes, Argon2_id), '\0');
    const int code =
        argon2id_hash_encoded(kPasses, kMemoryKiB, kLanes, password.data(), password.size(),
                              salt.data(), salt.size(), kHashBytes, out.data(), out.size());
    if (code != ARGON2_OK)
        return fail(ErrorCode::internal, "hash a password: {}", argon2_error_message(code));
    out.resize(out.find('\0'));
    return out;
}

bool verify_password(std::string_view password, const std::string* hash) {
    static const std::string kNobody = hash_password("nobody has this password").value_or("");
    if (password.size() > kLongestPassword) return false;
    const std::string& against = hash == nullptr ? kNobody : *hash;
    const bool same =
        argon2id_verify(against.c_str(), password.data(), password.size()) == ARGON2_OK;
    return same && hash != nullptr;
}

std::string to_line(const Account& account) {
    return fmt::format("{}:{}:{}:{}", account.name, account.role, account.password,
                       to_base32(account.totp));
}

}  // namespace kentongan::api
