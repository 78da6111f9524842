#include "collectors/packet/decode.hpp"

#include <algorithm>

#include "collectors/packet/decode_layers.hpp"

namespace kentongan::packet {

std::string_view name_of(Fault fault) {
    constexpr std::string_view kNames[kFaults] = {"none", "linktype", "link", "ipv4",    "ipv6",
                                                  "tcp",  "udp",      "icmp", "fragment"};
    return kNames[static_cast<std::size_t>(fault)];
}

Decoded decode(int linktype, Bytes captured, std::size_t wire_bytes) {
    Decoded out;
    wire_bytes = std::max(wire_bytes, captured.size());
    const LinkPayload link = decode_link(linktype, captured);
    out.fault = link.fault;
    out.vlan = link.vlan;
    if (link.fault != Fault::none) return out;
    const Bytes packet = captured.subspan(link.header_bytes);
    const std::size_t wire = wire_bytes - link.header_bytes;
    if (link.ethertype == kEtherIpv4) decode_transport(decode_ipv4(packet, wire, out), out);
    if (link.ethertype == kEtherIpv6) decode_transport(decode_ipv6(packet, wire, out), out);
    return out;
}

std::optional<QuotedTcp> quoted_by(const Decoded& icmp) {
    const bool v4 = icmp.tuple.protocol == protocol::kIcmp && icmp.icmp_type == 3;
    const bool v6 = icmp.tuple.protocol == protocol::kIcmp6 && icmp.icmp_type == 1;
    if ((!v4 && !v6) || icmp.payload.empty()) return std::nullopt;
    Decoded quoted;
    // The quote is cut, so the lengths in its headers are no measure.
    constexpr std::size_t kAnyLength = 1 << 17;
    const Transport transport = v4 ? decode_ipv4(icmp.payload, kAnyLength, quoted)
                                   : decode_ipv6(icmp.payload, kAnyLength, quoted);
    if (!transport.present || transport.protocol != protocol::kTcp) return std::nullopt;
    ByteReader in(transport.captured);
    QuotedTcp out{quoted.tuple, 0};
    out.tuple.protocol = protocol::kTcp;
    out.tuple.source_port = in.u16();
    out.tuple.destination_port = in.u16();
    out.sequence = in.u32();
    return in.ok() ? std::optional(out) : std::nullopt;
}

}  // namespace kentongan::packet
