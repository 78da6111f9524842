#pragma once
// Small pictures, and parts of pictures that tell too much.
#include <string>
#include <string_view>

namespace kentongan {

/// A whole JPEG of 16 by 12 pixels. `segments` go behind its first marker, `behind` after its end.
[[nodiscard]] std::string a_jpeg(std::string_view segments = {}, std::string_view behind = {});
/// One segment: marker, length, content.
[[nodiscard]] std::string jpeg_segment(unsigned char marker, std::string_view content);
/// Exif with an orientation and the text of a place, in one byte order or the other.
[[nodiscard]] std::string exif(unsigned orientation, std::string_view place, bool little = true);

/// A whole PNG of 3 by 2 pixels; `chunks` go behind its header.
[[nodiscard]] std::string a_png(std::string_view chunks = {}, std::string_view behind = {});
[[nodiscard]] std::string png_chunk(std::string_view type, std::string_view content);

}  // namespace kentongan
