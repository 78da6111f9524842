// The keys of Initial packets and what they lock: HKDF, AES-128-GCM and header protection (RFC
// 9001, section 5), by OpenSSL.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <array>
#include <memory>

#include "collectors/packet/protocol/quic/initial.hpp"

namespace kentongan::packet::quic {

namespace {

constexpr std::size_t kTag = 16;
constexpr std::size_t kSample = 16;

/// Salts and labels differ between the versions, so that one cannot be taken for the other.
constexpr std::array<std::uint8_t, 20> kSalt1{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34,
                                              0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8,
                                              0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr std::array<std::uint8_t, 20> kSalt2{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6,
                                              0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26,
                                              0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};

struct Free {
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Deriving = std::unique_ptr<EVP_PKEY_CTX, Free>;
using Ciphering = std::unique_ptr<EVP_CIPHER_CTX, Free>;

Deriving hkdf(int mode) {
    Deriving out(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    if (!out || EVP_PKEY_derive_init(out.get()) != 1 ||
        EVP_PKEY_CTX_set_hkdf_mode(out.get(), mode) != 1 ||
        EVP_PKEY_CTX_set_hkdf_md(out.get(), EVP_sha256()) != 1)
        return {};
    return out;
}

int size_of(Bytes bytes) { return static_cast<int>(bytes.size()); }

std::string derived(const Deriving& context, std::size_t size) {
    std::string out(size, '\0');
    if (EVP_PKEY_derive(context.get(), reinterpret_cast<std::uint8_t*>(out.data()), &size) != 1)
        return {};
    return out;
}

std::string extract(Bytes salt, Bytes secret) {
    const Deriving context = hkdf(EVP_PKEY_HKDEF_MODE_EXTRACT_ONLY);
    if (!context || EVP_PKEY_CTX_set1_hkdf_salt(context.get(), salt.data(), size_of(salt)) != 1 ||
        EVP_PKEY_CTX_set1_hkdf_key(context.get(), secret.data(), size_of(secret)) != 1)
        return {};
    return derived(context, 32);
}

/// HKDF-Expand-Label of TLS 1.3 with no context (RFC 8446, section 7.1).
std::string expand(std::string_view secret, std::string_view label, std::size_t size) {
    const std::string full = "tls13 " + std::string(label);
    std::string info{static_cast<char>(size >> 8), static_cast<char>(size),
                     static_cast<char>(full.size())};
    info += full;
    info += '\0';
    const Deriving context = hkdf(EVP_PKEY_HKDEF_MODE_EXPAND_ONLY);
    const Bytes key = as_bytes(secret);
    if (!context || EVP_PKEY_CTX_set1_hkdf_key(context.get(), key.data(), size_of(key)) != 1 ||
        EVP_PKEY_CTX_add1_hkdf_info(context.get(), as_bytes(info).data(),
                                    static_cast<int>(info.size())) != 1)
        return {};
    return derived(context, size);
}

/// Five bytes that hide the first byte and the packet number.
std::optional<std::array<std::uint8_t, 16>> mask(Bytes sample, std::string_view key) {
    const Ciphering context(EVP_CIPHER_CTX_new());
    std::array<std::uint8_t, 16> out{};
    int size = 0;
    if (!context ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, as_bytes(key).data(),
                           nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_EncryptUpdate(context.get(), out.data(), &size, sample.data(), size_of(sample)) != 1)
        return std::nullopt;
    return out;
}

std::optional<std::string> decrypt(Bytes sealed, Bytes header, std::string_view nonce,
                                   std::string_view key) {
    const Ciphering context(EVP_CIPHER_CTX_new());
    const Bytes text = sealed.first(sealed.size() - kTag);
    std::array<std::uint8_t, kTag> tag{};
    std::copy(sealed.end() - kTag, sealed.end(), tag.begin());
    std::string out(text.size(), '\0');
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    int size = 0;
    EVP_CIPHER_CTX* c = context.get();
    if (c == nullptr ||
        EVP_DecryptInit_ex(c, EVP_aes_128_gcm(), nullptr, as_bytes(key).data(),
                           as_bytes(nonce).data()) != 1 ||
        EVP_DecryptUpdate(c, nullptr, &size, header.data(), size_of(header)) != 1 ||
        EVP_DecryptUpdate(c, to, &size, text.data(), size_of(text)) != 1 ||
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, int{kTag}, tag.data()) != 1 ||
        EVP_DecryptFinal_ex(c, to + size, &size) != 1)
        return std::nullopt;
    return out;
}

}  // namespace

std::optional<Keys> initial_keys(std::uint32_t version, Bytes connection_id, bool of_client) {
    const bool second = version_name(version) == "2";
    const std::string common = extract(second ? kSalt2 : kSalt1, connection_id);
    const std::string secret = expand(common, of_client ? "client in" : "server in", 32);
    Keys out;
    out.key = expand(secret, second ? "quicv2 key" : "quic key", 16);
    out.iv = expand(secret, second ? "quicv2 iv" : "quic iv", 12);
    out.header_protection = expand(secret, second ? "quicv2 hp" : "quic hp", 16);
    ERR_clear_error();  // hostile bytes' errors are not left for others to find
    if (out.key.size() != 16 || out.iv.size() != 12 || out.header_protection.size() != 16)
        return std::nullopt;
    return out;
}

std::optional<std::string> open_initial(const Initial& initial, const Keys& keys) {
    const std::size_t at = initial.number_offset;
    if (initial.packet.size() < at + 4 + kSample) return std::nullopt;
    const auto hidden = mask(initial.packet.subspan(at + 4, kSample), keys.header_protection);
    if (!hidden) return std::nullopt;
    const auto first = static_cast<std::uint8_t>(initial.packet[0] ^ ((*hidden)[0] & 0x0F));
    const std::size_t width = (first & 0x3u) + 1;
    std::string header(as_text(initial.packet.first(at + width)));
    header[0] = static_cast<char>(first);
    std::string nonce = keys.iv;
    for (std::size_t i = 0; i < width; ++i) {
        header[at + i] = static_cast<char>(initial.packet[at + i] ^ (*hidden)[1 + i]);
        nonce[nonce.size() - width + i] ^= header[at + i];
    }
    const Bytes sealed = initial.packet.subspan(at + width);
    if (sealed.size() <= kTag) return std::nullopt;
    auto out = decrypt(sealed, as_bytes(header), nonce, keys.key);
    ERR_clear_error();
    return out;
}

}  // namespace kentongan::packet::quic
