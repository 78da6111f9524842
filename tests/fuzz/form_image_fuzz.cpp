// The way of a hostile picture: decoding, corner marks, hash of the handwriting.
#include <cstdint>
#include <cstdlib>

#include "daemon/detect/sirekap/image/cell_hash.hpp"
#include "daemon/detect/sirekap/image/jpeg.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kentongan::sirekap;
    static const FormPage kPage{"C", 1, {{0.6, 0.2, 0.1, 0.1}, {0, 0, 1, 1}}};
    const auto image = decode_jpeg(
        {data, size},
        {.source_pixels = 4'000'000, .longest_side = 400, .memory = 16L << 20, .scans = 20});
    if (!image) return 0;
    const auto area =
        static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height);
    if (area == 0 || area != image->pixels.size() || area > 4'000'000) std::abort();
    if (const auto corners = find_corner_marks(*image))
        (void)hash_cells(*image, SquareToQuad{*corners}, kPage).to_hex();
    return 0;
}
