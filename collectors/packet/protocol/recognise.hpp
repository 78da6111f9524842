#pragma once
// Which protocol a conversation speaks, by its content.
#include <cstdint>
#include <memory>

#include "collectors/packet/stream/dissector.hpp"

namespace kentongan::packet {

struct DissectorOptions {
    std::size_t body_bytes = 1048576;  ///< of an HTTP request body that are kept
    std::size_t window_bytes = 0;      ///< of each end of a stream, for rules on raw bytes
};

/// The first bytes of each end of a byte stream, in order; either may be empty as yet.
[[nodiscard]] Recognition recognise_stream(Bytes originator_head, Bytes responder_head,
                                           std::uint16_t responder_port,
                                           const DissectorOptions& options);
/// One datagram, from its sender's port; null when it is of no protocol that is read here.
[[nodiscard]] std::unique_ptr<Dissector> recognise_datagram(Bytes head, std::uint16_t source_port,
                                                            std::uint16_t destination_port,
                                                            const DissectorOptions& options);

}  // namespace kentongan::packet
