#pragma once
// Packets and capture files made in tests: Ethernet frames of TCP, UDP and ICMP over IPv4 or IPv6,
// whole TCP conversations, and a pcap writer.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

/// One end, as text: {"192.0.2.1", 40000}.
struct PacketEnd {
    std::string_view address;
    std::uint16_t port = 0;
};

struct TcpFields {
    std::uint8_t flags = 0;  ///< FIN 1, SYN 2, RST 4, PSH 8, ACK 16
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    std::string_view payload{};
    std::uint16_t vlan = 0;
};

/// Ethernet frames with right lengths and IPv4 header checksums; transport checksums are zero.
[[nodiscard]] std::string tcp_frame(PacketEnd from, PacketEnd to, const TcpFields& fields);
[[nodiscard]] std::string udp_frame(PacketEnd from, PacketEnd to, std::string_view payload);
/// `from` and `to` without ports; ICMP or ICMPv6 by the kind of address.
[[nodiscard]] std::string icmp_frame(PacketEnd from, PacketEnd to, std::uint8_t type,
                                     std::uint8_t code, std::string_view payload);
/// An Ethernet frame around an IP packet.
[[nodiscard]] std::string ethernet_frame(std::string_view ip_packet, std::uint16_t vlan = 0);
/// The IP packet of a frame made here without VLAN tag.
[[nodiscard]] std::string_view ip_packet_of(std::string_view frame);

/// An IP packet of any protocol, between ends without ports.
[[nodiscard]] std::string ip_packet(PacketEnd from, PacketEnd to, std::uint8_t protocol,
                                    std::string_view payload);
/// The packet of a frame made here without VLAN tag, in frames of at most `size` bytes of it each;
/// `size` is a multiple of 8.
[[nodiscard]] std::vector<std::string> fragments_of(std::string_view frame, std::size_t size,
                                                    std::uint16_t id = 7);

struct TimedFrame {
    Timestamp time{};
    std::string bytes;
    std::size_t wire_bytes = 0;  ///< 0: as many as there are
};

/// Frames of one TCP connection, with its sequence numbers kept. Each call adds frames 1 ms apart.
class TcpConversation {
  public:
    TcpConversation(PacketEnd client, PacketEnd server, Timestamp start,
                    std::uint32_t client_sequence = 1000, std::uint32_t server_sequence = 9000);

    TcpConversation& handshake();
    TcpConversation& client_says(std::string_view payload);
    TcpConversation& server_says(std::string_view payload);
    TcpConversation& client_closes();
    TcpConversation& close();
    TcpConversation& wait(Duration time);

    [[nodiscard]] const std::vector<TimedFrame>& frames() const { return frames_; }
    [[nodiscard]] std::vector<TimedFrame>& frames() { return frames_; }

  private:
    void from_client(std::uint8_t flags, std::string_view payload);
    void from_server(std::uint8_t flags, std::string_view payload);
    void add(std::string bytes);

    PacketEnd client_;
    PacketEnd server_;
    Timestamp now_;
    std::uint32_t client_sequence_;
    std::uint32_t server_sequence_;
    std::vector<TimedFrame> frames_;
};

/// The bytes of a pcap file in this host's byte order. `linktype` as libpcap's LINKTYPE_ values.
class PcapBytes {
  public:
    explicit PcapBytes(std::uint32_t linktype = 1, bool nanoseconds = false);
    void add(const TimedFrame& frame);
    void add(const std::vector<TimedFrame>& frames) {
        for (const TimedFrame& frame : frames) add(frame);
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    void write(const std::string& path) const;

  private:
    void put(std::uint32_t value);

    std::string bytes_;
    bool nanoseconds_;
};

}  // namespace kentongan
