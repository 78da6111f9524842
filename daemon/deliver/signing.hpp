#pragma once
// Signatures of the Standard Webhooks specification: `v1,` is HMAC-SHA256 with a shared secret,
// `v1a,` is ed25519, whose receiver holds no key that could forge.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"

struct evp_pkey_st;

namespace kentongan {

/// A secret `whsec_…` (base64 of 24 to 64 bytes), a private key `whsk_…` (base64 of the 32-byte
/// ed25519 seed, or of seed and public key), or a public key `whpk_…`, which only verifies.
class WebhookKey {
  public:
    enum class Kind { secret, private_key, public_key };

    static Result<WebhookKey> parse(std::string_view text);
    /// A new ed25519 private key.
    static WebhookKey generate();

    [[nodiscard]] Kind kind() const { return kind_; }
    /// "v1,…" or "v1a,…"; empty for a public key.
    [[nodiscard]] std::string sign(std::string_view content) const;
    /// `signature` is one "v1,…" or "v1a,…".
    [[nodiscard]] bool verify(std::string_view content, std::string_view signature) const;
    /// whpk_… of an ed25519 key, for the agency; empty for a shared secret.
    [[nodiscard]] std::string public_text() const;

  private:
    WebhookKey() = default;
    Kind kind_ = Kind::secret;
    std::string secret_;
    std::shared_ptr<evp_pkey_st> key_;
};

using WebhookKeys = std::vector<WebhookKey>;

/// The value of webhook-signature: one signature a key, in the keys' order, so that a receiver that
/// knows the old or the new key accepts the message. `timestamp` is Unix seconds of this attempt.
[[nodiscard]] std::string sign(const WebhookKeys& keys, std::string_view id, std::int64_t timestamp,
                               std::string_view body);
/// True when one of the signatures in `header` is right for one of the keys. The receiver also
/// checks that the timestamp is recent.
[[nodiscard]] bool verify(const WebhookKeys& keys, std::string_view id, std::int64_t timestamp,
                          std::string_view body, std::string_view header);

/// The keys of a file, one a line; empty lines and lines that start with # are skipped. Refuses a
/// file that others may read, and one without a key that signs.
[[nodiscard]] Result<WebhookKeys> load_webhook_keys(const std::string& path);

/// The same for who only checks: public keys (whpk_…) are enough, and anybody may read those.
[[nodiscard]] Result<WebhookKeys> load_checking_keys(const std::string& path);

}  // namespace kentongan
