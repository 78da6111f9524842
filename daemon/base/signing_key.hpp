#pragma once
// Ed25519 keys (RFC 8032) for statements that somebody else must be able to check years later.
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"

struct evp_pkey_st;

namespace kentongan {

/// Signs. Immutable; safe from any thread.
class SigningKey {
  public:
    /// A PEM private key as `openssl genpkey -algorithm ed25519` writes it, or one line with the
    /// 32-byte seed in base64. Errors (config) say which is expected, never what was found.
    [[nodiscard]] static Result<SigningKey> parse(std::string_view text);
    /// The same from a file; one that others may read is refused. `path` may name a systemd
    /// credential ($CREDENTIALS_DIRECTORY/NAME), which systemd has given to this process alone.
    [[nodiscard]] static Result<SigningKey> load(const std::filesystem::path& path);
    [[nodiscard]] static SigningKey generate();

    /// Base64 of the 64-byte signature over `content`.
    [[nodiscard]] std::string sign(std::string_view content) const;
    /// Base64 of the 32-byte public key.
    [[nodiscard]] const std::string& public_text() const { return public_; }
    /// Names the key: the first 16 hex digits of the SHA-256 of the public key's bytes.
    [[nodiscard]] const std::string& id() const { return id_; }

  private:
    explicit SigningKey(std::shared_ptr<evp_pkey_st> key);
    std::shared_ptr<evp_pkey_st> key_;
    std::string public_;
    std::string id_;
};

/// Whether `signature` (base64) is that of `content` under a public key (base64). False for
/// anything that is neither.
[[nodiscard]] bool verify_signature(std::string_view public_key, std::string_view content,
                                    std::string_view signature);

}  // namespace kentongan
