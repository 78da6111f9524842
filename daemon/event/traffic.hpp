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
    std::vector<Service> services;  ///< at most 1,024
    std::vector<Attempt> attempts;  ///< at most 4,096
    std::uint64_t left_out = 0;     ///< entries over those caps
};

}  // namespace kentongan
