// Hostile TLS: a conversation through the reader, and the input as a certificate.
#include "collectors/packet/protocol/tls/tls_dissector.hpp"
#include "tests/fuzz/dissected.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::packet;
    const Bytes input(data, size);
    dissect_stream(make_tls_dissector, input);
    (void)tls::parse_certificate(input);
    return 0;
}
