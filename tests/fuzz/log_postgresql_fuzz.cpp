// Lines of hostile bytes through the PostgreSQL format.
#include "tests/fuzz/log_records.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return kentongan::log::fuzz_records("postgresql", data, size);
}
