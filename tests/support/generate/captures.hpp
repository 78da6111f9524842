#pragma once
// Captures with an attack hidden in ordinary traffic. Same seed, same bytes.
#include <string>

#include "daemon/base/time.hpp"

namespace kentongan::generate {

/// Readers of the result site, a port scan, requests with SQL injection and a web shell in their
/// bodies, and a SYN flood, within about a minute from `start`. pcap, Ethernet.
[[nodiscard]] std::string attacked_network(std::uint64_t seed, Timestamp start);

}  // namespace kentongan::generate
