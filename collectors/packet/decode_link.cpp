// Link headers: Ethernet with VLAN tags, Linux cooked capture, loopback, raw IP.
#include <pcap/dlt.h>

#include "collectors/packet/decode_layers.hpp"

namespace kentongan::packet {

namespace {

constexpr std::size_t kMaximumTags = 4;
constexpr LinkPayload kBadLink{Fault::link, 0, 0, 0};

bool is_vlan(std::uint16_t type) { return type == 0x8100 || type == 0x88A8 || type == 0x9100; }

/// 802.1Q and QinQ tags after an Ethernet type at the end of a header of `header_bytes`.
LinkPayload skip_tags(ByteReader rest, std::uint16_t type, std::size_t header_bytes) {
    LinkPayload out{Fault::none, type, 0, header_bytes};
    for (std::size_t tag = 0; is_vlan(out.ethertype); ++tag) {
        const auto id = static_cast<std::uint16_t>(rest.u16() & 0x0FFF);
        out.ethertype = rest.u16();
        if (!rest.ok() || tag == kMaximumTags) return kBadLink;
        if (out.vlan == 0) out.vlan = id;
        out.header_bytes += 4;
    }
    return out;
}

LinkPayload ethernet(Bytes frame) {
    ByteReader in(frame);
    in.skip(12);
    const std::uint16_t type = in.u16();
    if (!in.ok()) return kBadLink;
    return skip_tags(in, type, 14);
}

/// LINKTYPE_LINUX_SLL: the protocol is the last field of 16 bytes; _SLL2: the first of 20.
LinkPayload linux_cooked(Bytes frame, std::size_t header_bytes, std::size_t protocol_at) {
    if (frame.size() < header_bytes) return kBadLink;
    ByteReader type(frame.subspan(protocol_at));
    return skip_tags(ByteReader(frame.subspan(header_bytes)), type.u16(), header_bytes);
}

/// BSD loopback: the address family as four bytes in the order of the host that captured, so a
/// small number in either order. AF_INET6 is 10, 24, 28 or 30, by system.
LinkPayload loopback(Bytes frame) {
    ByteReader in(frame);
    std::uint32_t family = in.u32();
    if (!in.ok()) return kBadLink;
    if (family > 0xFFFF) family = __builtin_bswap32(family);
    if (family == 2) return {Fault::none, kEtherIpv4, 0, 4};
    if (family == 10 || family == 24 || family == 28 || family == 30)
        return {Fault::none, kEtherIpv6, 0, 4};
    return {Fault::none, 0, 0, 4};
}

LinkPayload raw_ip(Bytes frame) {
    if (frame.empty()) return kBadLink;
    const auto version = frame.front() >> 4;
    if (version == 4) return {Fault::none, kEtherIpv4, 0, 0};
    if (version == 6) return {Fault::none, kEtherIpv6, 0, 0};
    return kBadLink;
}

}  // namespace

LinkPayload decode_link(int linktype, Bytes frame) {
    switch (linktype) {
        case DLT_EN10MB:
            return ethernet(frame);
        case DLT_LINUX_SLL:
            return linux_cooked(frame, 16, 14);
        case DLT_LINUX_SLL2:
            return linux_cooked(frame, 20, 0);
        case DLT_NULL:
        case DLT_LOOP:
            return loopback(frame);
        case DLT_RAW:
        case 14:   // DLT_RAW of OpenBSD
        case 101:  // LINKTYPE_RAW, as some writers leave it
        case DLT_IPV4:
        case DLT_IPV6:
            return raw_ip(frame);
        default:
            return {Fault::linktype, 0, 0, 0};
    }
}

}  // namespace kentongan::packet
