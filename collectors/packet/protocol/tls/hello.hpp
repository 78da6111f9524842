#pragma once
// The hellos of TLS as structs (RFC 8446, section 4.1; RFC 5246, section 7.4.1).
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet::tls {

/// Reserved values that clients throw in at random (RFC 8701).
[[nodiscard]] constexpr bool is_grease(std::uint16_t value) {
    return (value & 0x0F0F) == 0x0A0A && (value >> 8) == (value & 0xFF);
}

/// Lists are as sent, GREASE included. Views are into the message.
struct ClientHello {
    std::uint16_t version = 0;  ///< of the message itself, not of the extension
    Bytes session_id;
    std::vector<std::uint16_t> ciphers;
    std::vector<std::uint16_t> extensions;
    std::vector<std::uint16_t> groups;
    std::vector<std::uint16_t> signature_algorithms;
    std::vector<std::uint16_t> versions;  ///< of supported_versions
    Bytes point_formats;
    std::string_view server_name;
    std::vector<std::string_view> protocols;  ///< of ALPN
    bool names_server = false;                ///< the extension is there, even if empty
    bool left_out = false;                    ///< a list is longer than what is kept of it
};
/// The body of a handshake message of type 1; nothing when its lengths do not fit.
[[nodiscard]] std::optional<ClientHello> parse_client_hello(Bytes body);

struct ServerHello {
    std::uint16_t legacy_version = 0;
    std::uint16_t version = 0;  ///< what was agreed on
    Bytes session_id;
    std::uint16_t cipher = 0;
    std::vector<std::uint16_t> extensions;
    std::optional<std::uint16_t> group;  ///< of key_share
    std::string_view protocol;           ///< of ALPN; TLS 1.3 says it encrypted
    bool takes_key = false;              ///< pre_shared_key: a session is resumed
    bool left_out = false;               ///< more extensions than are kept
    bool retry = false;                  ///< HelloRetryRequest: another pair of hellos follows
};
[[nodiscard]] std::optional<ServerHello> parse_server_hello(Bytes body);

/// The named curve of a ServerKeyExchange with ECDHE (RFC 8422, section 5.4).
[[nodiscard]] std::optional<std::uint16_t> parse_key_exchange_curve(Bytes body);

/// The certificates of a Certificate message of TLS 1.2 and before, leaf first; at most `cap`.
[[nodiscard]] std::vector<Bytes> parse_certificates(Bytes body, std::size_t cap);

}  // namespace kentongan::packet::tls
