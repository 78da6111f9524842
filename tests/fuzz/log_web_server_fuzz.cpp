// Hostile bytes as nginx and Apache lines: access, JSON, errors.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_records("nginx", data, size);
    return 0;
}
