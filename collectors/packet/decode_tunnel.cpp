// Packets within packets: GRE (RFC 2784, 2890), IP in IP (RFC 2003), 6in4 (RFC 4213), VXLAN
// (RFC 7348) and GENEVE (RFC 8926).
#include <algorithm>

#include "collectors/packet/decode_layers.hpp"

namespace kentongan::packet {

namespace {

constexpr std::uint16_t kErspan = 0x88BE;
constexpr std::uint16_t kVxlanPort = 4789;
constexpr std::uint16_t kGenevePort = 6081;

Inner gre(const Transport& transport, Decoded& out) {
    ByteReader in(transport.captured);
    const std::uint16_t flags = in.u16();
    std::uint16_t type = in.u16();
    if ((flags & 0x4007) != 0) return {};  // source routes, or PPTP's version 1
    std::optional<std::uint32_t> network;
    if ((flags & 0x8000) != 0) in.skip(4);
    if ((flags & 0x2000) != 0) {  // a key; of Ethernet it is NVGRE's (RFC 7637)
        const std::uint32_t key = in.u32();
        if (type == kEtherTransparent) network = key >> 8;
    }
    if ((flags & 0x1000) != 0) in.skip(4);
    if (type == kErspan) {
        if ((flags & 0x1000) != 0) in.skip(8);
        type = kEtherTransparent;
    }
    if (!in.ok()) {
        out.fault = Fault::tunnel;
        return {};
    }
    const std::size_t header = transport.captured.size() - in.rest().size();
    return {Tunnel::gre, type, in.rest(), transport.bytes - header, network};
}

Inner vxlan(const Decoded& out) {
    ByteReader in(out.payload);
    const std::uint32_t flags = in.u32();
    const std::uint32_t network = in.u32();
    // The other bits are "ignored on receipt".
    if (!in.ok() || (flags & 0x08000000) == 0) return {};
    return {Tunnel::vxlan, kEtherTransparent, in.rest(), out.payload_bytes - 8, network >> 8};
}

Inner geneve(const Decoded& out) {
    ByteReader in(out.payload);
    const std::uint8_t version_and_length = in.u8();
    in.skip(1);
    const std::uint16_t type = in.u16();
    const std::uint32_t network = in.u32() >> 8;
    const std::size_t options = (version_and_length & 0x3Fu) * 4u;
    in.skip(options);
    if (!in.ok() || version_and_length >> 6 != 0) return {};
    return {Tunnel::geneve, type, in.rest(), out.payload_bytes - 8 - options, network};
}

}  // namespace

Inner tunnelled(const Transport& transport, Decoded& out) {
    switch (transport.protocol) {
        case protocol::kIpv4:
            return {Tunnel::ipip, kEtherIpv4, transport.captured, transport.bytes};
        case protocol::kIpv6:
            return {Tunnel::sixinfour, kEtherIpv6, transport.captured, transport.bytes};
        case protocol::kGre:
            return gre(transport, out);
        case protocol::kUdp:
            if (out.tuple.destination_port == kVxlanPort) return vxlan(out);
            if (out.tuple.destination_port == kGenevePort) return geneve(out);
            return {};
        default:
            return {};
    }
}

}  // namespace kentongan::packet
