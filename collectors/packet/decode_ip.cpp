// IPv4 (RFC 791) and IPv6 (RFC 8200) headers.
#include <algorithm>

#include "collectors/packet/decode_layers.hpp"

namespace kentongan::packet {

namespace {

Transport refuse(Decoded& out, Fault fault) {
    out.fault = fault;
    return {};
}

}  // namespace

Transport decode_ipv4(Bytes packet, std::size_t wire_bytes, Decoded& out) {
    if (packet.size() < 20 || packet[0] >> 4 != 4) return refuse(out, Fault::ipv4);
    const std::size_t header = (packet[0] & 0x0Fu) * 4u;
    ByteReader in(packet.subspan(2));
    std::size_t total = in.u16();
    const std::uint16_t id = in.u16();
    const std::uint16_t fragment = in.u16();
    in.skip(1);
    const std::uint8_t next = in.u8();
    // A sending host that leaves segmentation to its card captures packets of length 0.
    if (total == 0) total = wire_bytes;
    if (header < 20 || total < header || total > wire_bytes || packet.size() < header)
        return refuse(out, Fault::ipv4);
    out.ip_version = 4;
    out.ip_bytes = static_cast<std::uint32_t>(total);
    out.tuple.source = IpAddress::v4(packet.subspan(12).first<4>());
    out.tuple.destination = IpAddress::v4(packet.subspan(16).first<4>());
    out.tuple.protocol = next;
    const Bytes captured = packet.first(std::min(total, packet.size())).subspan(header);
    return {.protocol = next,
            .captured = captured,
            .bytes = static_cast<std::uint32_t>(total - header),
            .present = true,
            .fragment = (fragment & 0x3FFF) != 0,
            .more = (fragment & 0x2000) != 0,
            .id = id,
            .offset = (fragment & 0x1FFFu) * 8u};
}

Transport skip_ipv6_extensions(std::uint8_t next, Transport rest, Decoded& out) {
    constexpr std::size_t kMaximumHeaders = 8;
    for (std::size_t i = 0; i < kMaximumHeaders; ++i) {
        const bool options = next == 0 || next == 43 || next == 60 || next == 135;
        const bool authentication = next == 51;
        const bool fragment = next == 44;
        if (!options && !authentication && !fragment) {
            rest.protocol = next;
            rest.present = next != 59;  // no next header
            return rest;
        }
        if (rest.captured.size() < 8) return refuse(out, Fault::ipv6);
        std::size_t length = 8;
        if (options) length = (rest.captured[1] + 1u) * 8u;
        if (authentication) length = (rest.captured[1] + 2u) * 4u;
        if (length > rest.captured.size()) return refuse(out, Fault::ipv6);
        ByteReader in(rest.captured);
        next = in.u8();
        in.skip(1);
        const std::uint16_t place = in.u16();
        rest.captured = rest.captured.subspan(length);
        rest.bytes -= static_cast<std::uint32_t>(length);
        if (!fragment || (place & 0xFFF9) == 0) continue;  // one alone is a whole (RFC 6946)
        rest.protocol = next;
        rest.fragment = true;
        rest.more = (place & 1) != 0;
        rest.id = in.u32();
        rest.offset = place & 0xFFF8u;
        return rest;
    }
    return refuse(out, Fault::ipv6);
}

Transport decode_ipv6(Bytes packet, std::size_t wire_bytes, Decoded& out) {
    constexpr std::size_t kHeader = 40;
    if (packet.size() < kHeader || packet[0] >> 4 != 6) return refuse(out, Fault::ipv6);
    ByteReader in(packet.subspan(4));
    std::size_t length = in.u16();
    const std::uint8_t next = in.u8();
    if (length == 0 && next != 59) length = wire_bytes - kHeader;  // offloaded or a jumbogram
    if (length + kHeader > wire_bytes) return refuse(out, Fault::ipv6);
    out.ip_version = 6;
    out.ip_bytes = static_cast<std::uint32_t>(length + kHeader);
    out.tuple.source = IpAddress::v6(packet.subspan(8).first<16>());
    out.tuple.destination = IpAddress::v6(packet.subspan(24).first<16>());
    out.tuple.protocol = next;
    const Bytes captured = packet.subspan(kHeader);
    return skip_ipv6_extensions(next,
                                {.protocol = next,
                                 .captured = captured.first(std::min(length, captured.size())),
                                 .bytes = static_cast<std::uint32_t>(length),
                                 .present = true},
                                out);
}

}  // namespace kentongan::packet
