#pragma once
// Which protocol a conversation speaks, by its first bytes. A port only breaks ties.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

struct DissectorOptions {
    std::size_t body_bytes = 1U << 20;  ///< of an HTTP body kept for an event
    std::size_t window_bytes = 0;       ///< of each end of a stream, for rules on raw bytes
};

/// The first bytes of both ends of a TCP connection, as many as there are; either may be empty.
/// Undecided until a protocol is sure or none is left; it is decided with kRecognitionBytes of
/// each end. The dissector is then given the bytes from the first on.
[[nodiscard]] Recognition recognise_stream(Bytes originator_head, Bytes responder_head,
                                           std::uint16_t responder_port,
                                           const DissectorOptions& options);
inline constexpr std::size_t kRecognitionBytes = 512;

/// DNS's own ports and those of multicast DNS and LLMNR: what is sent there is taken for DNS even
/// when it is odd, so that a query cannot hide by being so.
[[nodiscard]] bool is_dns_port(std::uint16_t port);

/// The reader of a flow of datagrams that begins with `head`; null when it is none that is read.
[[nodiscard]] std::unique_ptr<Dissector> recognise_datagram(Bytes head, std::uint16_t source_port,
                                                            std::uint16_t destination_port,
                                                            const DissectorOptions& options);

}  // namespace kentongan::packet
