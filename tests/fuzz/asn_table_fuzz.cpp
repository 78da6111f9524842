// A table of autonomous systems from bytes: it loads or is refused with a reason, and can be asked.
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/anomaly/flood/asn_table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan;
    const auto table =
        anomaly::AsnTable::parse({reinterpret_cast<const char*>(data), size}, "asn.tsv");
    if (!table) {
        if (table.error().message.empty()) std::abort();
        return 0;
    }
    std::array<std::uint8_t, 16> address{};
    for (std::size_t i = 0; i < size; ++i) {
        address[i % 16] = data[i];
        if (table->of(IpAddress{address}) != 0 && table->size() == 0) std::abort();
    }
    return 0;
}
