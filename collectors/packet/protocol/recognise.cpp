#include "collectors/packet/protocol/recognise.hpp"

#include "collectors/packet/http/http_dissector.hpp"

namespace kentongan::packet {

Recognition recognise_stream(Bytes originator_head, Bytes, std::uint16_t,
                             const DissectorOptions& options) {
    return recognise_http(originator_head, options.body_bytes);
}

std::unique_ptr<Dissector> recognise_datagram(Bytes, std::uint16_t, std::uint16_t,
                                              const DissectorOptions&) {
    return nullptr;
}

}  // namespace kentongan::packet
