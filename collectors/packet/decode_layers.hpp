#pragma once
// The steps of decode(), each for one layer.
#include "collectors/packet/decode.hpp"

namespace kentongan::packet {

/// What lies under the link header. `ethertype` 0: not IP, such as ARP.
struct LinkPayload {
    Fault fault = Fault::none;
    std::uint16_t ethertype = 0;
    std::uint16_t vlan = 0;
    std::uint16_t inner_vlan = 0;
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
    // Of a part of a packet only:
    bool fragment = false;
    bool more = false;  ///< not the last
    std::uint32_t id = 0;
    std::uint32_t offset = 0;  ///< of `captured` in the whole
};
[[nodiscard]] Transport decode_ipv4(Bytes packet, std::size_t wire_bytes, Decoded& out);
[[nodiscard]] Transport decode_ipv6(Bytes packet, std::size_t wire_bytes, Decoded& out);
/// Follows the headers after the fixed one (RFC 8200), at most eight.
[[nodiscard]] Transport skip_ipv6_extensions(std::uint8_t next, Transport rest, Decoded& out);

/// A packet of `ethertype` within another one; `wire_bytes` as above.
struct Inner {
    Tunnel tunnel = Tunnel::none;  ///< none: there is none
    std::uint16_t ethertype = 0;   ///< kEtherTransparent: an Ethernet frame
    Bytes packet;
    std::size_t wire_bytes = 0;
    std::optional<std::uint32_t> network = {};  ///< VNI of VXLAN and GENEVE, VSID of NVGRE
};
inline constexpr std::uint16_t kEtherTransparent = 0x6558;
/// What a decoded transport carries; sets out.fault when a tunnel's header is broken.
[[nodiscard]] Inner tunnelled(const Transport& transport, Decoded& out);

/// Whether the transport's checksum is right or cannot be checked: cut, absent or of no protocol
/// that has one.
[[nodiscard]] bool transport_checksum_holds(const Transport& transport, const Decoded& of);
[[nodiscard]] bool ipv4_checksum_holds(Bytes packet);

void decode_transport(const Transport& transport, Decoded& out);

}  // namespace kentongan::packet
