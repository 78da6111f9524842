// Photographs as people send them: what is kept can be cleaned again and stays the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/report/photo.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan::report;
    const auto clean = clean_photo({reinterpret_cast<const char*>(data), size});
    if (!clean) return 0;
    if (clean->bytes.size() > size + 36) std::abort();
    const auto again = clean_photo(clean->bytes);
    if (!again || again->bytes != clean->bytes || again->width != clean->width) std::abort();
    return 0;
}
