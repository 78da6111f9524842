// Hostile DNS over datagrams and over a stream.
#include "collectors/packet/protocol/dns/dns_dissector.hpp"
#include "tests/fuzz/dissected.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    using namespace kentongan::packet;
    const Bytes input(data, size);
    if (input.empty()) return 0;
    const Bytes rest = input.subspan(1);
    constexpr std::size_t kMostHeld = std::size_t{1} << 20;
    const auto datagrams = make_dns_dissector(DnsDissector::Over::datagrams);
    if (input[0] % 2 == 0)
        (void)dissect(*datagrams, rest, SIZE_MAX, kMostHeld);
    else
        dissect_stream([] { return make_dns_dissector(DnsDissector::Over::stream); }, rest);
    return 0;
}
