#pragma once
// Decodes photographs of forms with libjpeg, within bounds that no file can pass.
#include "daemon/base/bytes.hpp"
#include "daemon/base/error.hpp"
#include "daemon/detect/sirekap/image/gray_image.hpp"

namespace kentongan::sirekap {

struct JpegLimits {
    std::int64_t source_pixels = 100'000'000;  ///< of the picture as it says it is
    int longest_side = 1600;   ///< of the result, reached by decoding at a half, quarter or eighth
    long memory = 128L << 20;  ///< of libjpeg's own tables; progressive pictures need much
    int scans = 50;            ///< of a progressive picture: each decodes it all
};

/// In grey, by the coefficients alone: metadata and comments change nothing. The same file gives
/// the same pixels on every machine (integer transform). An error (data) for what is no JPEG, is
/// damaged or cut, or passes a limit.
[[nodiscard]] Result<GrayImage> decode_jpeg(Bytes jpeg, const JpegLimits& limits = {});

}  // namespace kentongan::sirekap
