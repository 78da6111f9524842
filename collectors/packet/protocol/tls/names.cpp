#include "collectors/packet/protocol/tls/names.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

namespace kentongan::packet::tls {

namespace {

struct Name {
    std::uint16_t number;
    std::string_view name;
};

constexpr Name kVersions[] = {{0x0002, "SSLv2"},  {0x0300, "SSLv3"},  {0x0301, "TLSv10"},
                              {0x0302, "TLSv11"}, {0x0303, "TLSv12"}, {0x0304, "TLSv13"}};

/// What Debian's OpenSSL is built without, and signalling values: the weak ones matter most.
constexpr Name kOldCiphers[] = {
    {0x0000, "TLS_NULL_WITH_NULL_NULL"},
    {0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5"},
    {0x0004, "TLS_RSA_WITH_RC4_128_MD5"},
    {0x0005, "TLS_RSA_WITH_RC4_128_SHA"},
    {0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5"},
    {0x0007, "TLS_RSA_WITH_IDEA_CBC_SHA"},
    {0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"},
    {0x0009, "TLS_RSA_WITH_DES_CBC_SHA"},
    {0x000A, "TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0x0011, "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA"},
    {0x0012, "TLS_DHE_DSS_WITH_DES_CBC_SHA"},
    {0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA"},
    {0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"},
    {0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA"},
    {0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0x0017, "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5"},
    {0x0018, "TLS_DH_anon_WITH_RC4_128_MD5"},
    {0x001B, "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA"},
    {0x00FF, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"},
    {0x5600, "TLS_FALLBACK_SCSV"},
    {0xC002, "TLS_ECDH_ECDSA_WITH_RC4_128_SHA"},
    {0xC003, "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    {0xC004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA"},
    {0xC005, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA"},
    {0xC007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"},
    {0xC008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    {0xC00C, "TLS_ECDH_RSA_WITH_RC4_128_SHA"},
    {0xC00E, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA"},
    {0xC00F, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA"},
    {0xC011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA"},
    {0xC012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
};

constexpr Name kCurves[] = {
    {19, "secp192r1"},
    {21, "secp224r1"},
    {22, "secp256k1"},
    {23, "secp256r1"},
    {24, "secp384r1"},
    {25, "secp521r1"},
    {26, "brainpoolP256r1"},
    {27, "brainpoolP384r1"},
    {28, "brainpoolP512r1"},
    {29, "x25519"},
    {30, "x448"},
    {256, "ffdhe2048"},
    {257, "ffdhe3072"},
    {258, "ffdhe4096"},
    {259, "ffdhe6144"},
    {260, "ffdhe8192"},
    {4587, "SecP256r1MLKEM768"},
    {4588, "X25519MLKEM768"},
    {25497, "X25519Kyber768Draft00"},
};

/// RFC 8446, section 6, and the older ones that it keeps.
constexpr Name kAlerts[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

std::string name_in(const auto& table, std::uint16_t number) {
    const auto found = std::ranges::find(table, number, &Name::number);
    return found == std::end(table) ? fmt::format("unknown-{}", number) : std::string(found->name);
}

/// OpenSSL's own list, made once; its texts live as long as the library.
std::map<std::uint16_t, std::string_view> all_ciphers() {
    std::map<std::uint16_t, std::string_view> out;
    for (const Name& old : kOldCiphers) out.emplace(old.number, old.name);
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()),
                                                                    SSL_CTX_free);
    if (!context) return out;
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
    if (!ssl) return out;
    for (const unsigned high : {0x00u, 0x13u, 0xC0u, 0xCCu})
        for (unsigned low = 0; low < 256; ++low) {
            const std::array<unsigned char, 2> number{static_cast<unsigned char>(high),
                                                      static_cast<unsigned char>(low)};
            const SSL_CIPHER* cipher = SSL_CIPHER_find(ssl.get(), number.data());
            const char* name = cipher == nullptr ? nullptr : SSL_CIPHER_standard_name(cipher);
            if (name != nullptr && std::string_view(name).starts_with("TLS_"))
                out[static_cast<std::uint16_t>(high << 8 | low)] = name;
        }
    return out;
}

}  // namespace

std::string version_name(std::uint16_t version) { return name_in(kVersions, version); }
std::string curve_name(std::uint16_t curve) { return name_in(kCurves, curve); }
std::string alert_name(std::uint8_t alert) { return name_in(kAlerts, alert); }

std::string cipher_name(std::uint16_t cipher) {
    static const auto names = all_ciphers();
    const auto found = names.find(cipher);
    return found == names.end() ? fmt::format("unknown-{}", cipher) : std::string(found->second);
}

}  // namespace kentongan::packet::tls
