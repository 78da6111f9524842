#pragma once
// What the packet lanes count each second of packet time, for the detectors of floods and scans.
// Bounded: at most the given number of entries a second; the rest is in the totals and counted.
#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/base/ip.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

struct TrafficSecond {
    /// TCP towards one listening side.
    struct Service {
        IpAddress destination;
        std::uint16_t port = 0;
        std::uint32_t syns = 0;
        std::uint32_t completed = 0;  ///< three-way handshakes finished
        std::uint32_t fins = 0;       ///< FIN or RST seen
        std::uint32_t sources = 0;    ///< distinct source addresses of the SYNs, capped at 65,535
    };
    /// All packets towards one network (/24 of IPv4, /48 of IPv6), of one IP protocol.
    struct Prefix {
        IpAddress network;
        std::uint8_t protocol = 0;
        std::uint64_t packets = 0;
        std::uint64_t bytes = 0;  ///< on the wire
        std::uint32_t hosts = 0;  ///< distinct addresses in it, capped at 64
    };
    /// UDP towards one host, and what of it comes from ports of services that reflect.
    struct Reflection {
        IpAddress victim;
        std::uint64_t packets = 0;      ///< all UDP
        std::uint64_t unsolicited = 0;  ///< from such a port, with no query before
        std::uint64_t unsolicited_bytes = 0;
        std::uint32_t reflectors = 0;  ///< distinct senders of those, capped at 64
        std::uint16_t port = 0;        ///< of the newest of those
        std::uint64_t dns = 0;         ///< of the unsolicited, DNS answers: no query had their id
        std::uint64_t dns_bytes = 0;
    };
    /// A server on a port that reflects, and one client that it answers at length.
    struct Amplifier {
        IpAddress server;
        IpAddress client;
        std::uint16_t port = 0;
        std::uint64_t query_bytes = 0;
        std::uint64_t answers = 0;
        std::uint64_t answer_bytes = 0;
    };
    /// Connections of one source to one service that keep it waiting, each told every 10 s while
    /// it is open: so the sum over 10 s is how many there are.
    struct Held {
        IpAddress source;  ///< unspecified: of several, beyond the cap
        IpAddress destination;
        std::uint16_t port = 0;
        std::uint32_t dribbling = 0;  ///< sent something, less than 100 B/s, and got no answer
        std::uint32_t silent = 0;     ///< nothing said by either end for 10 s since it opened
    };
    /// The first answer, or its absence, to one attempt to open a connection.
    struct Attempt {
        IpAddress source;
        IpAddress destination;
        std::uint16_t port = 0;
        bool succeeded = false;  ///< SYN-ACK seen; false: RST, ICMP unreachable or no answer in 5 s
    };

    Timestamp second{};       ///< start of the second
    std::string_view source;  ///< interned name of the capture
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    std::vector<Service> services;        ///< at most 1,024
    std::vector<Attempt> attempts;        ///< at most 4,096
    std::vector<Prefix> prefixes;         ///< at most 512, the busiest
    std::vector<Reflection> reflections;  ///< at most 256; only hosts that got such packets
    std::vector<Amplifier> amplifiers;    ///< at most 256, those that send most
    std::vector<Held> held;               ///< at most 1,280
    std::uint64_t left_out = 0;           ///< entries over those caps
};

}  // namespace kentongan
