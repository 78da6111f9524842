// Link headers: Ethernet with VLAN tags, MPLS labels or PPPoE, Linux cooked capture, loopback, raw
// IP.
#include <pcap/dlt.h>

#include "collectors/packet/decode_layers.hpp"

namespace kentongan::packet {

namespace {

constexpr std::size_t kMaximumTags = 4;
constexpr std::size_t kMaximumLabels = 8;
constexpr std::uint16_t kMplsUnicast = 0x8847;
constexpr std::uint16_t kMplsMulticast = 0x8848;
constexpr std::uint16_t kPppoeSession = 0x8864;
constexpr LinkPayload kBadLink{.fault = Fault::link};

bool is_vlan(std::uint16_t type) { return type == 0x8100 || type == 0x88A8 || type == 0x9100; }

/// Label stack (RFC 3032): nothing says what is under the bottom label but its first nibble.
LinkPayload mpls(ByteReader rest, LinkPayload out) {
    for (std::size_t label = 0; label < kMaximumLabels; ++label) {
        const std::uint32_t entry = rest.u32();
        if (!rest.ok()) return kBadLink;
        out.header_bytes += 4;
        if ((entry & 0x100) == 0) continue;
        const std::uint8_t version = rest.rest().empty() ? 0 : rest.rest().front() >> 4;
        out.ethertype = version == 4 ? kEtherIpv4 : version == 6 ? kEtherIpv6 : std::uint16_t{0};
        return out;
    }
    return kBadLink;
}

/// PPPoE session (RFC 2516) with PPP's protocol after it.
LinkPayload pppoe(ByteReader rest, LinkPayload out) {
    const std::uint8_t version_and_type = rest.u8();
    rest.skip(5);
    // One byte where the ends agreed to compress the field: an odd byte is its last (RFC 1661).
    const bool compressed = !rest.rest().empty() && (rest.rest().front() & 1) != 0;
    const std::uint16_t ppp = compressed ? rest.u8() : rest.u16();
    if (!rest.ok() || version_and_type != 0x11) return kBadLink;
    out.header_bytes += compressed ? 7 : 8;
    out.ethertype = ppp == 0x0021 ? kEtherIpv4 : ppp == 0x0057 ? kEtherIpv6 : std::uint16_t{0};
    return out;
}

/// 802.1Q and QinQ tags after an Ethernet type at the end of a header of `header_bytes`.
LinkPayload skip_tags(ByteReader rest, std::uint16_t type, std::size_t header_bytes) {
    LinkPayload out{.ethertype = type, .header_bytes = header_bytes};
    for (std::size_t tag = 0; is_vlan(out.ethertype); ++tag) {
        const auto id = static_cast<std::uint16_t>(rest.u16() & 0x0FFF);
        out.ethertype = rest.u16();
        if (!rest.ok() || tag == kMaximumTags) return kBadLink;
        if (tag == 0) out.vlan = id;
        if (tag == 1) out.inner_vlan = id;
        out.header_bytes += 4;
    }
    if (out.ethertype == kMplsUnicast || out.ethertype == kMplsMulticast) return mpls(rest, out);
    return out.ethertype == kPppoeSession ? pppoe(rest, out) : out;
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
    if (family == 2) return {.ethertype = kEtherIpv4, .header_bytes = 4};
    if (family == 10 || family == 24 || family == 28 || family == 30)
        return {.ethertype = kEtherIpv6, .header_bytes = 4};
    return {.header_bytes = 4};
}

LinkPayload raw_ip(Bytes frame) {
    if (frame.empty()) return kBadLink;
    const auto version = frame.front() >> 4;
    if (version == 4) return {.ethertype = kEtherIpv4};
    if (version == 6) return {.ethertype = kEtherIpv6};
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
            return {.fault = Fault::linktype};
    }
}

}  // namespace kentongan::packet
