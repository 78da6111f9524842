#pragma once
// The steps of decode(), each for one layer.
#include "collectors/packet/decode.hpp"

namespace kentongan::packet {

/// What lies under the link header. `ethertype` 0: not IP, such as ARP.
struct LinkPayload {
    Fault fault = Fault::none;
    std::uint16_t ethertype = 0;
    std::uint16_t vlan = 0;
    std::size_t header_bytes = 0;
};
inline constexpr std::uint16_t kEtherIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherIpv6 = 0x86DD;

[[nodiscard]] LinkPayload decode_link(int linktype, Bytes frame);

/// Fills addresses and lengths and answers the transport's bytes; empty with out.fault set or with
/// a protocol that is not followed. `wire_bytes` counts from the first byte of `packet`.
struct Transport {
    std::uint8_t protocol = 0;
    Bytes captured;
    std::uint32_t bytes = 0;  ///< as sent
    bool present = false;
};
[[nodiscard]] Transport decode_ipv4(Bytes packet, std::size_t wire_bytes, Decoded& out);
[[nodiscard]] Transport decode_ipv6(Bytes packet, std::size_t wire_bytes, Decoded& out);
/// Follows the headers after the fixed one (RFC 8200), at most eight.
[[nodiscard]] Transport skip_ipv6_extensions(std::uint8_t next, Transport rest, Decoded& out);

void decode_transport(const Transport& transport, Decoded& out);

}  // namespace kentongan::packet
