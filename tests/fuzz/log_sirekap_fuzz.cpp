// Lines of hostile bytes through the Sirekap format.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_lines("sirekap", data, size);
    return 0;
}
