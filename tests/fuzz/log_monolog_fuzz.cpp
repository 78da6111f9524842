// Lines of hostile bytes through the Monolog format.
#include "tests/fuzz/log_records.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return kentongan::log::fuzz_records("monolog", data, size);
}
