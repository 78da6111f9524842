// Compressed logs: the first byte says which kind and how large the pieces are that are read.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "collectors/log/decompressor.hpp"

using namespace kentongan;
using namespace kentongan::log;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    Decompressor decompressor{
        static_cast<Compression>(data[0] % 4),
        [&](std::span<char> out, std::uint64_t offset) -> Result<std::size_t> {
            const auto from = std::min<std::size_t>(offset, bytes.size());
            const auto count = std::min(out.size(), bytes.size() - from);
            std::copy_n(bytes.data() + from, count, out.data());
            return count;
        }};
    std::string piece(std::size_t{1} << (4 + data[0] / 4 % 12), '\0');
    // A small input may stand for gigabytes; the cap on those is a unit test.
    while (decompressor.position() < (std::uint64_t{8} << 20)) {
        const auto count = decompressor.read(piece);
        if (!count || *count == 0) break;
        if (*count > piece.size()) std::abort();
    }
    if (decompressor.consumed() > bytes.size()) std::abort();
    return 0;
}
