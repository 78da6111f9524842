// TCP (RFC 9293), UDP (RFC 768), SCTP, ICMP (RFC 792) and ICMPv6 (RFC 4443) headers.
#include <algorithm>
#include <utility>

#include "collectors/packet/decode_layers.hpp"

namespace kentongan::packet {

namespace {

void decode_tcp(const Transport& transport, Decoded& out) {
    const Bytes bytes = transport.captured;
    if (bytes.size() < 20) return void(out.fault = Fault::tcp);
    const std::size_t header = (bytes[12] >> 4) * 4u;
    if (header < 20 || header > transport.bytes) return void(out.fault = Fault::tcp);
    ByteReader in(bytes);
    out.tuple.source_port = in.u16();
    out.tuple.destination_port = in.u16();
    out.sequence = in.u32();
    out.acknowledged = in.u32();
    out.flags = bytes[13];
    if ((out.flags & tcp::kUrgent) != 0)
        out.urgent = static_cast<std::uint16_t>(bytes[18] << 8 | bytes[19]);
    out.payload_bytes = transport.bytes - static_cast<std::uint32_t>(header);
    out.payload = bytes.subspan(std::min(header, bytes.size()));
    out.has_ports = true;
}

void decode_udp(const Transport& transport, Decoded& out) {
    ByteReader in(transport.captured);
    out.tuple.source_port = in.u16();
    out.tuple.destination_port = in.u16();
    const std::size_t length = in.u16();
    in.skip(2);
    if (!in.ok() || (length != 0 && length < 8) || length > transport.bytes)
        return void(out.fault = Fault::udp);
    const std::size_t payload = (length == 0 ? transport.bytes : length) - 8;  // 0: a jumbogram
    out.payload_bytes = static_cast<std::uint32_t>(payload);
    out.payload = in.rest().first(std::min(payload, in.rest().size()));
    out.has_ports = true;
}

/// Common header (RFC 9260, section 3): the chunks are the payload.
void decode_sctp(const Transport& transport, Decoded& out) {
    ByteReader in(transport.captured);
    out.tuple.source_port = in.u16();
    out.tuple.destination_port = in.u16();
    in.skip(8);
    if (!in.ok()) return void(out.fault = Fault::sctp);
    out.payload_bytes = transport.bytes - 12;
    out.payload = in.rest();
    out.has_ports = true;
}

using Pair = std::pair<std::uint8_t, std::uint8_t>;

/// The type that answers `type`, as the Community ID specification (version 1) pairs them.
std::optional<std::uint8_t> counterpart(std::uint8_t protocol, std::uint8_t type) {
    static constexpr Pair kIcmpPairs[] = {{8, 0}, {13, 14}, {15, 16}, {17, 18}, {10, 9}};
    static constexpr Pair kIcmp6Pairs[] = {{128, 129}, {133, 134}, {135, 136},
                                           {130, 131}, {139, 140}, {144, 145}};
    const auto search = [type](const auto& pairs) -> std::optional<std::uint8_t> {
        for (const auto& [request, answer] : pairs) {
            if (type == request) return answer;
            if (type == answer) return request;
        }
        return std::nullopt;
    };
    return protocol == protocol::kIcmp ? search(kIcmpPairs) : search(kIcmp6Pairs);
}

void decode_icmp(const Transport& transport, Decoded& out) {
    if (transport.captured.size() < 8) return void(out.fault = Fault::icmp);
    out.icmp_type = transport.captured[0];
    const auto answer = counterpart(transport.protocol, out.icmp_type);
    out.tuple.source_port = out.icmp_type;
    out.tuple.destination_port = answer.value_or(transport.captured[1]);
    out.tuple.one_way = !answer;
    out.payload_bytes = transport.bytes - 8;
    out.payload = transport.captured.subspan(8);
    out.has_ports = true;
}

}  // namespace

void decode_transport(const Transport& transport, Decoded& out) {
    if (!transport.present) return;
    out.tuple.protocol = transport.protocol;
    switch (transport.protocol) {
        case protocol::kTcp:
            return decode_tcp(transport, out);
        case protocol::kUdp:
            return decode_udp(transport, out);
        case protocol::kSctp:
            return decode_sctp(transport, out);
        case protocol::kIcmp:
        case protocol::kIcmp6:
            return decode_icmp(transport, out);
        default:
            return;
    }
}

}  // namespace kentongan::packet
