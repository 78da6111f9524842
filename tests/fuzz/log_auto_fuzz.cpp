// Lines of hostile bytes through the recognition of formats.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_records("auto", data, size);
    return 0;
}
