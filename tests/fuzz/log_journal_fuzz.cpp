// Hostile bytes as journal entries.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_lines("journal", data, size);
    return 0;
}
