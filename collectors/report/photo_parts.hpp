#pragma once
// The two kinds of picture behind clean_photo(). Inner header.
#include "collectors/report/photo.hpp"

namespace kentongan::report {

using PhotoResult = std::expected<CleanPhoto, PhotoFault>;
[[nodiscard]] PhotoResult clean_jpeg(std::string_view bytes);
[[nodiscard]] PhotoResult clean_png(std::string_view bytes);

/// 1 to 8, of an Exif block (behind "Exif\0\0"); 1, upright, when it does not say.
[[nodiscard]] unsigned exif_orientation(std::string_view tiff);

/// Whether a picture of this size may be kept: 1 pixel to 100 million.
[[nodiscard]] bool sound_size(std::uint64_t width, std::uint64_t height);

}  // namespace kentongan::report
