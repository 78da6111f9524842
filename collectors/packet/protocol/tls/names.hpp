#pragma once
// The names of TLS's numbers, spelt as Zeek's ssl log spells them.
#include <cstdint>
#include <string>
#include <string_view>

namespace kentongan::packet::tls {

/// "TLSv12"; of a number that is none "unknown-771".
[[nodiscard]] std::string version_name(std::uint16_t version);
/// IANA's name, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256". Thread-safe.
[[nodiscard]] std::string cipher_name(std::uint16_t cipher);
/// "x25519".
[[nodiscard]] std::string curve_name(std::uint16_t curve);
/// "handshake_failure".
[[nodiscard]] std::string alert_name(std::uint8_t alert);

}  // namespace kentongan::packet::tls
