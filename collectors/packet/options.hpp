#pragma once
// What a packet collector is told.
#include <cstdint>
#include <string>

namespace kentongan::packet {

/// Either `interface` or `file` is set. Sizes are in the unit of their name.
struct Options {
    std::string interface;  ///< capture live on this interface
    std::string file;       ///< or read this capture file; "-" is standard input
    std::string filter;     ///< BPF expression as tcpdump takes it; empty: everything
    std::int64_t snap_bytes = 262144;
    std::int64_t buffer_mib = 16;
    bool promiscuous = false;
    std::int64_t maximum_flows = 200000;
    bool vlans_apart = true;                ///< the same addresses in two VLANs are two networks
    bool checksums = false;                 ///< leave out packets whose checksum is wrong
    std::int64_t long_flow_seconds = 1800;  ///< a connection is told each so often; 0: at its end
    std::int64_t stream_bytes = 262144;     ///< of each end of a stream, for YARA rules on streams
    std::int64_t fanout = 0;                ///< live: group that shares the packets; 0: alone
    std::int64_t body_bytes = 1048576;      ///< of an HTTP request body that are kept
};

}  // namespace kentongan::packet
