// Hostile bytes as audit records, joined by serial.
#include "tests/fuzz/log_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    kentongan::log::read_records("audit", data, size);
    return 0;
}
