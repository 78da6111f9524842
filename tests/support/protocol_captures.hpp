#pragma once
// A capture in which every protocol that the packet collector reads is spoken, deterministically.
#include <string>

#include "daemon/base/time.hpp"

namespace kentongan::generate {

/// HTTP plain, compressed, in chunks and with forms; TLS, DNS over UDP and TCP, SSH, PostgreSQL,
/// MySQL, SMTP with an attachment, FTP, QUIC; packets in tunnels and in fragments; an overlap that
/// contradicts itself, and a SYN flood. pcap, Ethernet. `network`: third byte of the servers'
/// addresses, so that several captures do not speak of the same hosts. `attempts`: SYNs of the
/// flood. Same arguments, same bytes.
[[nodiscard]] std::string spoken_network(std::uint64_t seed, Timestamp start, int network = 0,
                                         int attempts = 9000);

}  // namespace kentongan::generate
