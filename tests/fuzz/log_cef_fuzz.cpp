// Hostile bytes as CEF and LEEF.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_lines("cef", data, size);
    return 0;
}
