#include "collectors/packet/decoder.hpp"

#include <algorithm>
#include <utility>

#include "collectors/packet/end_hash.hpp"

namespace kentongan::packet {

/// One frame on its way through its layers.
struct Decoder::Layers {
    FragmentTable* fragments;
    Settings settings;
    Timestamp time;
    std::uint64_t within = 0;  // Tuple::network of what is decoded now

    void enter(std::uint64_t network) { within = mix(within ^ network, 0x9E3779B97F4A7C15u); }

    void link(int linktype, Bytes frame, std::size_t wire, int depth, Decoded& out) {
        const LinkPayload link = decode_link(linktype, frame);
        out.fault = link.fault;
        out.vlan = link.vlan;
        out.inner_vlan = link.inner_vlan;
        if (link.fault != Fault::none) return;
        if (settings.vlans_apart && (link.vlan | link.inner_vlan) != 0)
            enter(std::uint64_t{1} << 32 | std::uint64_t{link.vlan} << 16 | link.inner_vlan);
        network(link.ethertype, frame.subspan(link.header_bytes), wire - link.header_bytes, depth,
                out);
    }

    void network(std::uint16_t ethertype, Bytes packet, std::size_t wire, int depth, Decoded& out) {
        if (ethertype != kEtherIpv4 && ethertype != kEtherIpv6) return;
        Transport transport = ethertype == kEtherIpv4 ? decode_ipv4(packet, wire, out)
                                                      : decode_ipv6(packet, wire, out);
        out.tuple.network = within;
        if (!transport.present) return;
        if (settings.checksums && out.ip_version == 4 && !ipv4_checksum_holds(packet))
            return void(out.fault = Fault::checksum);
        if (transport.fragment && !complete(transport, out)) return;
        carried(transport, depth, out);
    }

    /// Turns a fragment into its whole packet, if it was the last one missing.
    bool complete(Transport& transport, Decoded& out) {
        if (fragments == nullptr) {
            if (transport.offset != 0) out.fault = Fault::fragment;
            return transport.offset == 0;
        }
        const auto added = fragments->add(out, transport, time);
        out.conflict = added.conflict;
        out.tuple.protocol = transport.protocol;
        if (added.refused) out.fault = Fault::fragment;
        out.pending = !added.refused && !added.whole.present;
        if (!added.whole.present) return false;
        transport = added.whole;
        if (out.ip_version == 6)
            transport = skip_ipv6_extensions(transport.protocol, transport, out);
        return transport.present && !transport.fragment;
    }

    void carried(const Transport& transport, int depth, Decoded& out) {
        if (settings.checksums && !transport_checksum_holds(transport, out))
            return void(out.fault = Fault::checksum);
        decode_transport(transport, out);
        if (out.fault != Fault::none) return;
        const Inner inner = tunnelled(transport, out);
        if (inner.tunnel == Tunnel::none) return;
        if (depth == kMaximumTunnels) return void(out.fault = Fault::tunnel);
        if (inner.network) enter(std::uint64_t{1} << 33 | *inner.network);
        Decoded packet;
        if (inner.ethertype == kEtherTransparent)
            link(1, inner.packet, std::max(inner.wire_bytes, inner.packet.size()), depth + 1,
                 packet);
        else
            network(inner.ethertype, inner.packet, inner.wire_bytes, depth + 1, packet);
        // A datagram to a tunnel's port need not be of a tunnel.
        const bool told = packet.has_ports || packet.pending;
        if (!told && out.has_ports) return;
        packet.tunnel = inner.tunnel;
        packet.conflict = packet.conflict || out.conflict;
        if (out.vlan != 0) packet.vlan = out.vlan;
        if (out.inner_vlan != 0) packet.inner_vlan = out.inner_vlan;
        out = packet;
    }
};

Decoded Decoder::decode_with(FragmentTable* fragments, Settings settings, const Frame& frame) {
    Decoded out;
    Layers layers{fragments, settings, frame.time};
    layers.link(frame.linktype, frame.captured, std::max(frame.wire_bytes, frame.captured.size()),
                0, out);
    return out;
}

}  // namespace kentongan::packet
