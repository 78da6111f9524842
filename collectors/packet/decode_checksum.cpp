// Internet checksums (RFC 1071) of IPv4, TCP, UDP and ICMP, and SCTP's CRC-32c (RFC 9260, A).
#include <array>

#include "collectors/packet/decode_layers.hpp"

namespace kentongan::packet {

namespace {

std::uint64_t sum_of(Bytes bytes) {
    std::uint64_t sum = 0;
    std::size_t i = 0;
    for (; i + 1 < bytes.size(); i += 2) sum += static_cast<unsigned>(bytes[i] << 8 | bytes[i + 1]);
    return i < bytes.size() ? sum + static_cast<unsigned>(bytes[i] << 8) : sum;
}

bool folds_to_ones(std::uint64_t sum) {
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return sum == 0xFFFF;
}

constexpr std::array<std::uint32_t, 256> crc32c_table() {
    constexpr std::uint32_t kReflected = 0x82F63B78;
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t i = 0; i < out.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? value >> 1 ^ kReflected : value >> 1;
        out[i] = value;
    }
    return out;
}

/// Over the packet with zeros in the place of the checksum, which has its least byte first.
bool sctp_checksum_holds(Bytes packet) {
    static constexpr auto kTable = crc32c_table();
    constexpr std::size_t kAt = 8;
    constexpr std::size_t kHeader = 12;
    if (packet.size() < kHeader) return true;  // told as a header that is too short
    std::uint32_t crc = 0xFFFFFFFF;
    std::uint32_t sent = 0;
    for (std::size_t i = 0; i < packet.size(); ++i) {
        const bool checksum = i >= kAt && i < kHeader;
        if (checksum) sent |= std::uint32_t{packet[i]} << (8 * (i - kAt));
        crc = crc >> 8 ^ kTable[(crc ^ (checksum ? 0u : packet[i])) & 0xFF];
    }
    return (crc ^ 0xFFFFFFFF) == sent;
}

}  // namespace

bool ipv4_checksum_holds(Bytes packet) {
    return folds_to_ones(sum_of(packet.first((packet[0] & 0x0Fu) * 4u)));
}

bool transport_checksum_holds(const Transport& transport, const Decoded& of) {
    const Bytes bytes = transport.captured;
    if (bytes.size() != transport.bytes) return true;  // cut
    if (transport.protocol == protocol::kSctp) return sctp_checksum_holds(bytes);
    std::uint64_t sum = sum_of(bytes);
    switch (transport.protocol) {
        case protocol::kIcmp:
            return folds_to_ones(sum);
        case protocol::kUdp:
            if (bytes.size() >= 8 && bytes[6] == 0 && bytes[7] == 0) return of.ip_version == 4;
            break;
        case protocol::kTcp:
        case protocol::kIcmp6:
            break;
        default:
            return true;
    }
    const std::size_t from = of.ip_version == 4 ? 12 : 0;  // the mapped form's prefix is no part
    sum += sum_of(Bytes(of.tuple.source.bytes()).subspan(from));
    sum += sum_of(Bytes(of.tuple.destination.bytes()).subspan(from));
    sum += transport.bytes + transport.protocol;
    return folds_to_ones(sum);
}

}  // namespace kentongan::packet
