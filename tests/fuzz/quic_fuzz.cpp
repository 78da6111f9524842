// Hostile QUIC datagrams; frames as if they were decrypted; and recognition by content.
#include "collectors/packet/protocol/quic/quic_dissector.hpp"
#include "collectors/packet/protocol/recognise.hpp"
#include "tests/fuzz/dissected.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::packet;
    const Bytes input(data, size);
    (void)dissect(*make_quic_dissector(), input, SIZE_MAX, std::size_t{1} << 20);
    (void)quic::crypto_parts(input);
    (void)recognise_datagram(input, 1, 2, {});
    const Bytes half = input.first(size / 2);
    (void)recognise_stream(half, input.subspan(size / 2), 443, {});
    return 0;
}
