// Hostile bytes as container lines, joined, with a format inside.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_records("container", data, size);
    return 0;
}
