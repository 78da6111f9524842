#pragma once
// QUIC's Initial packets, whose keys everyone can derive (RFC 9000, section 17.2; RFC 9001 and RFC
// 9369, section 5 and 3).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet::quic {

/// A version whose Initial packets are read here: "1" or "2"; empty for any other.
[[nodiscard]] std::string_view version_name(std::uint32_t version);

/// The header of one Initial packet. Views are into the datagram.
struct Initial {
    std::uint32_t version = 0;
    Bytes destination;              ///< connection id
    Bytes source;                   ///< connection id
    Bytes packet;                   ///< the whole packet; others may follow in the datagram
    std::size_t number_offset = 0;  ///< of the packet number, in `packet`
};
/// Nothing when `datagram` does not begin with an Initial packet of a known version.
[[nodiscard]] std::optional<Initial> parse_initial(Bytes datagram);

/// The keys of one end: client's or server's.
struct Keys {
    std::string key;
    std::string iv;
    std::string header_protection;
};
/// From the connection id that the client chose for its first packet.
[[nodiscard]] std::optional<Keys> initial_keys(std::uint32_t version, Bytes connection_id,
                                               bool of_client);

/// The decrypted frames; nothing when they do not authenticate.
[[nodiscard]] std::optional<std::string> open_initial(const Initial& initial, const Keys& keys);

/// A part of the handshake, of its CRYPTO frames.
struct CryptoPart {
    std::uint64_t offset = 0;
    Bytes data;
};
inline constexpr std::size_t kMostParts = 64;
/// Of the frames that an Initial packet may hold, kMostParts and one more at most; nothing when
/// they are malformed.
[[nodiscard]] std::optional<std::vector<CryptoPart>> crypto_parts(Bytes frames);

}  // namespace kentongan::packet::quic
