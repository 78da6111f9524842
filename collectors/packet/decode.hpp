#pragma once
// From captured bytes to addresses, ports and payload: link, network and transport headers, each
// checked against the bytes that are there. Pure; never fails other than by naming the layer.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/base/bytes.hpp"
#include "daemon/base/ip.hpp"

namespace kentongan::packet {

/// Where decoding stopped. `none`: it went as far as it can go.
enum class Fault : std::uint8_t {
    none,
    linktype,  ///< a link type that is not supported
    link,      ///< Ethernet, VLAN tag or Linux cooked header
    ipv4,
    ipv6,
    tcp,
    udp,
    icmp,
    fragment,  ///< a fragment whose packet never became whole
    sctp,
    tunnel,    ///< a tunnel header, or tunnels nested too deep
    checksum,  ///< wrong, where checksums are looked at
};
inline constexpr std::size_t kFaults = 12;
[[nodiscard]] std::string_view name_of(Fault fault);

/// Values of the IP protocol field that are followed (IANA).
namespace protocol {
inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kIpv4 = 4;
inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kIpv6 = 41;
inline constexpr std::uint8_t kGre = 47;
inline constexpr std::uint8_t kIcmp6 = 58;
inline constexpr std::uint8_t kSctp = 132;
}  // namespace protocol

/// TCP header flags (RFC 9293, section 3.1).
namespace tcp {
inline constexpr std::uint8_t kFin = 0x01;
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kRst = 0x04;
inline constexpr std::uint8_t kAck = 0x10;
inline constexpr std::uint8_t kUrgent = 0x20;
}  // namespace tcp

/// What carried the packet that is told: the innermost one counts.
enum class Tunnel : std::uint8_t { none, gre, vxlan, geneve, ipip, sixinfour };
[[nodiscard]] std::string_view name_of(Tunnel tunnel);

/// Two ends and a protocol. For ICMP the ports are the type and its counterpart or code, as the
/// Community ID specification has them; `one_way` then says that there is no counterpart.
struct Tuple {
    IpAddress source;
    IpAddress destination;
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
    std::uint8_t protocol = 0;
    bool one_way = false;
    /// Which of several networks with the same addresses: from VLAN tags and the virtual network of
    /// a tunnel; 0 for none. Part of who a connection is, and of nothing that is told.
    std::uint64_t network = 0;
};

struct Decoded {
    Fault fault = Fault::none;
    bool has_ports = false;  ///< tuple complete: TCP, UDP, SCTP, ICMP with its header
    bool pending = false;    ///< a fragment that was put aside
    bool conflict = false;   ///< a fragment that contradicts an earlier one of its packet
    Tunnel tunnel = Tunnel::none;
    std::uint8_t ip_version = 0;  ///< 4, 6, or 0 for what is not IP
    std::uint8_t flags = 0;       ///< of TCP
    std::uint16_t vlan = 0;       ///< outer 802.1Q id, 0 for none
    std::uint16_t inner_vlan = 0;
    std::uint8_t icmp_type = 0;
    Tuple tuple;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    std::uint16_t urgent = 0;         ///< TCP's urgent pointer; 0 where its flag is not set
    std::uint32_t ip_bytes = 0;       ///< length of the IP packet as its header states it
    std::uint32_t payload_bytes = 0;  ///< of the transport payload as sent
    Bytes payload;                    ///< what was captured of it; points into the packet
};

/// Tunnels within tunnels that are followed.
inline constexpr int kMaximumTunnels = 4;

/// `linktype`: a DLT_ value of libpcap. `wire_bytes`: length before the capture cut it. Of a packet
/// in fragments the first is decoded as usual, a later one is Fault::fragment.
[[nodiscard]] Decoded decode(int linktype, Bytes captured, std::size_t wire_bytes);
[[nodiscard]] inline Decoded decode(int linktype, Bytes captured) {
    return decode(linktype, captured, captured.size());
}

/// A TCP attempt as an ICMP error quotes it (RFC 792, RFC 4443): its IP header and 8 bytes more.
struct QuotedTcp {
    Tuple tuple;
    std::uint32_t sequence = 0;
};
/// Nothing unless `icmp` is a "destination unreachable" that quotes TCP.
[[nodiscard]] std::optional<QuotedTcp> quoted_by(const Decoded& icmp);

}  // namespace kentongan::packet
