#pragma once
// Photographs without what they say of their maker: position, device, time, comments, thumbnails.
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace kentongan::report {

struct CleanPhoto {
    std::string bytes;
    std::string_view extension;  ///< "jpg" or "png"
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// Literals: they are labels of a metric and keys of texts.
enum class PhotoFault { unsupported, damaged, too_many_pixels };
[[nodiscard]] std::string_view name_of(PhotoFault fault);

/// JPEG (ITU-T T.81) and PNG (RFC 2083), told by their first bytes. Only the parts needed to show
/// the picture are copied; of Exif only the orientation stays. What follows the picture's end goes.
/// Pixels are not decoded. Linear, and never more memory than twice the input.
[[nodiscard]] std::expected<CleanPhoto, PhotoFault> clean_photo(std::string_view bytes);

}  // namespace kentongan::report
