#include "daemon/api/tokens.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

Result<Tokens> Tokens::read(const std::string& file) {
    const auto text = read_file(file, std::size_t{1} << 20);
    if (!text) return std::unexpected(text.error().within("api.token_file"));
    Tokens tokens;
    std::string_view rest = *text;
    for (std::size_t line = 1; !rest.empty(); ++line) {
        const std::string_view token = trim(take_until(rest, '\n'));
        if (token.empty() || token.starts_with('#')) continue;
        const bool visible = std::ranges::all_of(token, [](char c) { return c > ' ' && c < 127; });
        if (!visible || token.size() < kShortest || token.size() > kLongest)
            return fail(ErrorCode::config,
                        "{}:{}: a token is {} to {} visible ASCII characters without spaces; make "
                        "one with: openssl rand -hex 32",
                        file, line, kShortest, kLongest);
        if (tokens.hashes_.size() == kMost)
            return fail(ErrorCode::config, "{}:{}: more than {} tokens", file, line, kMost);
        tokens.add(token);
    }
    return tokens;
}

bool Tokens::accept(std::string_view authorization) const {
    constexpr std::string_view kScheme = "bearer ";
    if (!equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return false;
    const Sha256Digest given = sha256(as_bytes(trim(authorization.substr(kScheme.size()))));
    bool accepted = false;
    for (const Sha256Digest& hash : hashes_)
        accepted |= CRYPTO_memcmp(given.data(), hash.data(), hash.size()) == 0;
    return accepted;
}

}  // namespace kentongan::api
