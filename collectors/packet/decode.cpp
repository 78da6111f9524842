#include "collectors/packet/decode.hpp"

#include "collectors/packet/decode_layers.hpp"
#include "collectors/packet/decoder.hpp"

namespace kentongan::packet {

std::string_view name_of(Fault fault) {
    constexpr std::string_view kNames[kFaults] = {"none",     "linktype", "link",   "ipv4",
                                                  "ipv6",     "tcp",      "udp",    "icmp",
                                                  "fragment", "sctp",     "tunnel", "checksum"};
    return kNames[static_cast<std::size_t>(fault)];
}

std::string_view name_of(Tunnel tunnel) {
    constexpr std::string_view kNames[] = {"none", "gre", "vxlan", "geneve", "ipip", "6in4"};
    return kNames[static_cast<std::size_t>(tunnel)];
}

Decoded decode(int linktype, Bytes captured, std::size_t wire_bytes) {
    return Decoder::decode_with(nullptr, {}, {linktype, captured, wire_bytes, {}});
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
    if (!transport.present || transport.offset != 0 || transport.protocol != protocol::kTcp)
        return std::nullopt;
    ByteReader in(transport.captured);
    QuotedTcp out{quoted.tuple, 0};
    out.tuple.network = icmp.tuple.network;
    out.tuple.protocol = protocol::kTcp;
    out.tuple.source_port = in.u16();
    out.tuple.destination_port = in.u16();
    out.sequence = in.u32();
    return in.ok() ? std::optional(out) : std::nullopt;
}

}  // namespace kentongan::packet
