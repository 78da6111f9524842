#include "tests/support/packet_builder.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace kentongan {

namespace {

void put8(std::string& out, unsigned value) { out.push_back(static_cast<char>(value)); }
void put16(std::string& out, unsigned value) {
    put8(out, value >> 8);
    put8(out, value);
}
void put32(std::string& out, std::uint32_t value) {
    put16(out, value >> 16);
    put16(out, value & 0xFFFF);
}

void put_address(std::string& out, const IpAddress& address, bool v4) {
    const auto& bytes = address.bytes();
    out.append(reinterpret_cast<const char*>(bytes.data()) + (v4 ? 12 : 0), v4 ? 4 : 16);
}

/// RFC 1071.
unsigned checksum(std::string_view bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[i]) << 8 |
                                          static_cast<std::uint8_t>(bytes[i + 1]));
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return ~sum & 0xFFFF;
}

std::string ipv4(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                 std::string_view payload) {
    std::string out;
    put16(out, 0x4500);
    put16(out, static_cast<unsigned>(20 + payload.size()));
    put32(out, 0x4000);  // don't fragment
    put8(out, 64);
    put8(out, protocol);
    put16(out, 0);
    put_address(out, from, true);
    put_address(out, to, true);
    const unsigned sum = checksum(out);
    out[10] = static_cast<char>(sum >> 8);
    out[11] = static_cast<char>(sum);
    return out.append(payload);
}

std::string ipv6(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                 std::string_view payload) {
    std::string out;
    put32(out, 0x60000000);
    put16(out, static_cast<unsigned>(payload.size()));
    put8(out, protocol);
    put8(out, 64);
    put_address(out, from, false);
    put_address(out, to, false);
    return out.append(payload);
}

std::string ip(PacketEnd from, PacketEnd to, std::uint8_t protocol, std::string_view payload) {
    const IpAddress a = IpAddress::parse(from.address).value();
    const IpAddress b = IpAddress::parse(to.address).value();
    return a.is_v4() ? ipv4(a, b, protocol, payload) : ipv6(a, b, protocol, payload);
}

}  // namespace

std::string ethernet_frame(std::string_view ip_packet, std::uint16_t vlan) {
    std::string out = "\x02\x02\x02\x02\x02\x02\x04\x04\x04\x04\x04\x04";
    if (vlan != 0) {
        put16(out, 0x8100);
        put16(out, vlan);
    }
    put16(out, ip_packet.front() >> 4 == 4 ? 0x0800 : 0x86DD);
    return out.append(ip_packet);
}

std::string_view ip_packet_of(std::string_view frame) { return frame.substr(14); }

std::string ip_packet(PacketEnd from, PacketEnd to, std::uint8_t protocol,
                      std::string_view payload) {
    return ip(from, to, protocol, payload);
}

std::vector<std::string> fragments_of(std::string_view frame, std::size_t size, std::uint16_t id) {
    const std::string_view packet = ip_packet_of(frame);
    const bool v4 = packet.front() >> 4 == 4;
    const std::size_t header_bytes = v4 ? 20 : 40;
    const std::string_view payload = packet.substr(header_bytes);
    std::vector<std::string> out;
    for (std::size_t at = 0; at < payload.size(); at += size) {
        const std::string_view part = payload.substr(at, size);
        const bool more = at + size < payload.size();
        std::string header(packet.substr(0, header_bytes));
        std::string place;
        if (v4) {
            put16(place, static_cast<unsigned>(20 + part.size()));
            put16(place, id);
            put16(place, static_cast<unsigned>(at / 8) | (more ? 0x2000u : 0u));
            header.replace(2, 6, place);
            header.replace(10, 2, std::string(2, '\0'));
            const unsigned sum = checksum(header);
            header[10] = static_cast<char>(sum >> 8);
            header[11] = static_cast<char>(sum);
        } else {
            put16(place, static_cast<unsigned>(8 + part.size()));
            header.replace(4, 2, place);
            header.push_back(std::exchange(header[6], char{44}));
            put8(header, 0);
            put16(header, static_cast<unsigned>(at) | (more ? 1u : 0u));
            put32(header, id);
        }
        out.push_back(ethernet_frame(header.append(part)));
    }
    return out;
}

std::string tcp_frame(PacketEnd from, PacketEnd to, const TcpFields& fields) {
    std::string segment;
    put16(segment, from.port);
    put16(segment, to.port);
    put32(segment, fields.sequence);
    put32(segment, fields.acknowledged);
    put8(segment, 5 << 4);
    put8(segment, fields.flags);
    put16(segment, 65535);
    put32(segment, 0);
    segment.append(fields.payload);
    return ethernet_frame(ip(from, to, 6, segment), fields.vlan);
}

std::string udp_frame(PacketEnd from, PacketEnd to, std::string_view payload) {
    std::string datagram;
    put16(datagram, from.port);
    put16(datagram, to.port);
    put16(datagram, static_cast<unsigned>(8 + payload.size()));
    put16(datagram, 0);
    datagram.append(payload);
    return ethernet_frame(ip(from, to, 17, datagram));
}

std::string icmp_frame(PacketEnd from, PacketEnd to, std::uint8_t type, std::uint8_t code,
                       std::string_view payload) {
    std::string message;
    put8(message, type);
    put8(message, code);
    put16(message, 0);
    put32(message, 0);
    message.append(payload);
    const bool v4 = IpAddress::parse(from.address).value().is_v4();
    return ethernet_frame(ip(from, to, v4 ? 1 : 58, message));
}

TcpConversation::TcpConversation(PacketEnd client, PacketEnd server, Timestamp start,
                                 std::uint32_t client_sequence, std::uint32_t server_sequence)
    : client_(client),
      server_(server),
      now_(start),
      client_sequence_(client_sequence),
      server_sequence_(server_sequence) {}

void TcpConversation::add(std::string bytes) {
    frames_.push_back({now_, std::move(bytes)});
    now_ += std::chrono::milliseconds{1};
}

void TcpConversation::from_client(std::uint8_t flags, std::string_view payload) {
    add(tcp_frame(client_, server_,
                  {.flags = flags,
                   .sequence = client_sequence_,
                   .acknowledged = (flags & 16) != 0 ? server_sequence_ : 0,
                   .payload = payload}));
    client_sequence_ += static_cast<std::uint32_t>(payload.size()) + ((flags & 3) != 0 ? 1 : 0);
}

void TcpConversation::from_server(std::uint8_t flags, std::string_view payload) {
    add(tcp_frame(server_, client_,
                  {.flags = flags,
                   .sequence = server_sequence_,
                   .acknowledged = client_sequence_,
                   .payload = payload}));
    server_sequence_ += static_cast<std::uint32_t>(payload.size()) + ((flags & 3) != 0 ? 1 : 0);
}

TcpConversation& TcpConversation::handshake() {
    from_client(2, {});
    from_server(2 | 16, {});
    from_client(16, {});
    return *this;
}
TcpConversation& TcpConversation::client_says(std::string_view payload) {
    from_client(8 | 16, payload);
    return *this;
}
TcpConversation& TcpConversation::server_says(std::string_view payload) {
    from_server(8 | 16, payload);
    return *this;
}
TcpConversation& TcpConversation::client_closes() {
    from_client(1 | 16, {});
    return *this;
}
TcpConversation& TcpConversation::close() {
    from_client(1 | 16, {});
    from_server(1 | 16, {});
    from_client(16, {});
    return *this;
}
TcpConversation& TcpConversation::wait(Duration time) {
    now_ += time;
    return *this;
}

PcapBytes::PcapBytes(std::uint32_t linktype, bool nanoseconds) : nanoseconds_(nanoseconds) {
    put(nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4);
    put(2 | 4 << 16);  // version 2.4, in this host's order
    put(0);
    put(0);
    put(262144);
    put(linktype);
}

void PcapBytes::put(std::uint32_t value) {
    char bytes[4];
    std::memcpy(bytes, &value, 4);
    bytes_.append(bytes, 4);
}

void PcapBytes::add(const TimedFrame& frame) {
    const auto ns = to_nanoseconds(frame.time);
    put(static_cast<std::uint32_t>(ns / 1'000'000'000));
    put(static_cast<std::uint32_t>(ns % 1'000'000'000 / (nanoseconds_ ? 1 : 1000)));
    put(static_cast<std::uint32_t>(frame.bytes.size()));
    put(static_cast<std::uint32_t>(std::max(frame.wire_bytes, frame.bytes.size())));
    bytes_.append(frame.bytes);
}

void PcapBytes::write(const std::string& path) const {
    std::ofstream out(path, std::ios::binary);
    out << bytes_;
    if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace kentongan
