#include "daemon/deliver/signing.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>

#include "daemon/base/digest.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace {

constexpr std::size_t kEd25519Bytes = 32;
constexpr std::size_t kSignatureBytes = 64;

std::shared_ptr<evp_pkey_st> owned(EVP_PKEY* key) {
    if (key == nullptr) throw std::bad_alloc{};
    return {key, EVP_PKEY_free};
}

std::shared_ptr<evp_pkey_st> private_key(Bytes seed) {
    return owned(
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), kEd25519Bytes));
}

std::string public_bytes(EVP_PKEY* key) {
    std::string out(kEd25519Bytes, '\0');
    std::size_t size = out.size();
    EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(out.data()), &size);
    return out;
}

std::string hmac_sha256(std::string_view secret, std::string_view content) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    const Bytes bytes = as_bytes(content);
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes.data(),
             bytes.size(), out.data(), &size) == nullptr)
        throw std::bad_alloc{};
    return {reinterpret_cast<const char*>(out.data()), size};
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

std::string ed25519_sign(EVP_PKEY* key, std::string_view content) {
    const Context context{EVP_MD_CTX_new()};
    std::string out(kSignatureBytes, '\0');
    std::size_t size = out.size();
    const Bytes bytes = as_bytes(content);
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                       bytes.data(), bytes.size()) != 1)
        throw std::bad_alloc{};
    return out;
}

bool ed25519_verify(EVP_PKEY* key, std::string_view content, std::string_view signature) {
    const Context context{EVP_MD_CTX_new()};
    const Bytes bytes = as_bytes(content);
    const Bytes signed_bytes = as_bytes(signature);
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestVerify(context.get(), signed_bytes.data(), signed_bytes.size(), bytes.data(),
                            bytes.size()) == 1;
}

std::string signed_content(std::string_view id, std::int64_t timestamp, std::string_view body) {
    return fmt::format("{}.{}.{}", id, timestamp, body);
}

Result<> require_private(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return fail_errno("open", path, errno);
    if ((status.st_mode & S_IRWXO) == 0) return {};
    return fail(ErrorCode::permission,
                "{} holds a signing key and every user may read it: chmod o= {}", path, path);
}

}  // namespace

Result<WebhookKey> WebhookKey::parse(std::string_view text) {
    WebhookKey out;
    const auto at = std::min(text.find('_'), text.size());
    const std::string_view prefix = text.substr(0, at);
    const std::string bytes = from_base64(text.substr(std::min(at + 1, text.size())));
    if (prefix == "whsec") {
        if (bytes.size() < 24 || bytes.size() > 64)
            return fail(ErrorCode::config, "a whsec_ secret is the base64 of 24 to 64 bytes");
        out.secret_ = bytes;
    } else if (prefix == "whsk") {
        if (bytes.size() != kEd25519Bytes && bytes.size() != 2 * kEd25519Bytes)
            return fail(ErrorCode::config, "a whsk_ key is the base64 of 32 or 64 bytes");
        out.kind_ = Kind::private_key;
        out.key_ = private_key(as_bytes(bytes));
        if (bytes.size() > kEd25519Bytes &&
            bytes.substr(kEd25519Bytes) != public_bytes(out.key_.get()))
            return fail(ErrorCode::config, "the two halves of a whsk_ key do not belong together");
    } else if (prefix == "whpk") {
        if (bytes.size() != kEd25519Bytes)
            return fail(ErrorCode::config, "a whpk_ key is the base64 of 32 bytes");
        out.kind_ = Kind::public_key;
        out.key_ = owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                     as_bytes(bytes).data(), kEd25519Bytes));
    } else {
        return fail(ErrorCode::config, "a webhook key starts with whsec_, whsk_ or whpk_");
    }
    return out;
}

WebhookKey WebhookKey::generate() {
    WebhookKey out;
    out.kind_ = Kind::private_key;
    out.key_ = owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    return out;
}

std::string WebhookKey::sign(std::string_view content) const {
    switch (kind_) {
        case Kind::secret:
            return "v1," + to_base64(as_bytes(hmac_sha256(secret_, content)));
        case Kind::private_key:
            return "v1a," + to_base64(as_bytes(ed25519_sign(key_.get(), content)));
        case Kind::public_key:
            break;
    }
    return {};
}

bool WebhookKey::verify(std::string_view content, std::string_view signature) const {
    const std::string_view version = take_until(signature, ',');
    const std::string bytes = from_base64(signature);
    if (kind_ != Kind::secret)
        return version == "v1a" && ed25519_verify(key_.get(), content, bytes);
    const std::string expected = hmac_sha256(secret_, content);
    return version == "v1" && bytes.size() == expected.size() &&
           CRYPTO_memcmp(bytes.data(), expected.data(), expected.size()) == 0;
}

std::string WebhookKey::public_text() const {
    return key_ ? "whpk_" + to_base64(as_bytes(public_bytes(key_.get()))) : std::string{};
}

std::string sign(const WebhookKeys& keys, std::string_view id, std::int64_t timestamp,
                 std::string_view body) {
    const std::string content = signed_content(id, timestamp, body);
    std::string out;
    for (const WebhookKey& key : keys) {
        const std::string signature = key.sign(content);
        if (!signature.empty()) out.append(out.empty() ? "" : " ").append(signature);
    }
    return out;
}

bool verify(const WebhookKeys& keys, std::string_view id, std::int64_t timestamp,
            std::string_view body, std::string_view header) {
    const std::string content = signed_content(id, timestamp, body);
    while (!header.empty()) {
        const std::string_view signature = take_until(header, ' ');
        if (std::ranges::any_of(keys, [&](const auto& k) { return k.verify(content, signature); }))
            return true;
    }
    return false;
}

namespace {

Result<WebhookKeys> read_keys(const std::string& path, bool to_sign) {
    const auto content = read_file(path, 65536);
    if (!content) return std::unexpected(content.error());
    WebhookKeys keys;
    std::string_view rest = *content;
    for (int line = 1; !rest.empty(); ++line) {
        const std::string_view text = trim(take_until(rest, '\n'));
        if (text.empty() || text.starts_with('#')) continue;
        auto key = WebhookKey::parse(text);
        if (!key) return std::unexpected(key.error().within(fmt::format("{}:{}", path, line)));
        if (to_sign && key->kind() == WebhookKey::Kind::public_key)
            return fail(ErrorCode::config, "{}:{}: a whpk_ key cannot sign; put the whsk_ key here",
                        path, line);
        keys.push_back(std::move(*key));
    }
    if (keys.empty())
        return fail(ErrorCode::config, "{}: no key; put a {} or whsec_ line in", path,
                    to_sign ? "whsk_" : "whpk_");
    return keys;
}

}  // namespace

Result<WebhookKeys> load_webhook_keys(const std::string& path) {
    if (auto hidden = require_private(path); !hidden) return std::unexpected(hidden.error());
    return read_keys(path, true);
}

Result<WebhookKeys> load_checking_keys(const std::string& path) { return read_keys(path, false); }

}  // namespace kentongan
