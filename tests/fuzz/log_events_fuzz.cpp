// Lines of hostile bytes through the event format.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_lines("events", data, size);
    return 0;
}
