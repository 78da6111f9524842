#pragma once
// Captures of ordinary traffic, with an attack hidden in it or without. Same seed, same bytes.
#include <string>

#include "daemon/base/time.hpp"

namespace kentongan::generate {

/// Readers of the result site, a port scan, requests with SQL injection and a web shell in their
/// bodies, and a SYN flood, within about a minute from `start`. pcap, Ethernet. `scale` multiplies
/// the readers and the rate of the flood.
[[nodiscard]] std::string attacked_network(std::uint64_t seed, Timestamp start, double scale = 1);

/// 200 * `scale` readers only, each taking a page of 256 bytes to 64 KB in full-sized segments.
[[nodiscard]] std::string quiet_network(std::uint64_t seed, Timestamp start, double scale = 1);

}  // namespace kentongan::generate
