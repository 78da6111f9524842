// Hostile SMTP with the mail in it.
#include "collectors/packet/protocol/smtp/smtp_dissector.hpp"
#include "tests/fuzz/dissected.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::packet;
    const Bytes input(data, size);
    dissect_stream(make_smtp_dissector, input);
    return 0;
}
