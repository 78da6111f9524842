#include "tests/support/pictures.hpp"

#include <zlib.h>

#include <cstdint>

namespace kentongan {

namespace {

std::string number(std::uint32_t value, int width, bool little = false) {
    std::string out;
    for (int i = 0; i < width; ++i)
        out.push_back(static_cast<char>(value >> 8 * (little ? i : width - 1 - i)));
    return out;
}

}  // namespace

std::string jpeg_segment(unsigned char marker, std::string_view content) {
    std::string out{"\xFF"};
    out.push_back(static_cast<char>(marker));
    return out + number(static_cast<std::uint32_t>(content.size() + 2), 2) + std::string(content);
}

std::string a_jpeg(std::string_view segments, std::string_view behind) {
    std::string out = "\xFF\xD8";
    out += segments;
    out += jpeg_segment(0xDB, std::string(1, '\0') + std::string(64, '\x10'));
    // A frame of 16 by 12 with one component, the smallest Huffman tables, a scan.
    out += jpeg_segment(0xC0, std::string("\x08\x00\x0C\x00\x10\x01\x01\x11\x00", 9));
    out += jpeg_segment(0xC4, std::string("\x00\x01", 2) + std::string(16, '\0'));
    out += jpeg_segment(0xC4, std::string("\x10\x01", 2) + std::string(16, '\0'));
    out += jpeg_segment(0xDA, std::string("\x01\x01\x00\x00\x3F\x00", 6));
    out += std::string("\x15\xFF\x00\x7F\xFF\xD0\x2A\x3F", 8);  // a stuffed byte, a restart
    out += "\xFF\xD9";
    return out + std::string(behind);
}

std::string exif(unsigned orientation, std::string_view place, bool little) {
    std::string tiff = little ? std::string("II*\0", 4) : std::string("MM\0*", 4);
    tiff += number(8, 4, little) + number(2, 2, little);
    tiff += number(0x010E, 2, little) + number(2, 2, little) +
            number(static_cast<std::uint32_t>(place.size()), 4, little) + number(38, 4, little);
    tiff += number(0x0112, 2, little) + number(3, 2, little) + number(1, 4, little) +
            number(orientation, 2, little) + number(0, 2, little);
    tiff += number(0, 4, little);
    return jpeg_segment(0xE1, std::string("Exif\0\0", 6) + tiff + std::string(place));
}

std::string png_chunk(std::string_view type, std::string_view content) {
    const std::string covered = std::string(type) + std::string(content);
    const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(covered.data()),
                             static_cast<uInt>(covered.size()));
    return number(static_cast<std::uint32_t>(content.size()), 4) + covered +
           number(static_cast<std::uint32_t>(sum), 4);
}

std::string a_png(std::string_view chunks, std::string_view behind) {
    const std::string header = number(3, 4) + number(2, 4) + std::string("\x08\x00\x00\x00\x00", 5);
    const std::string rows("\0\x10\x20\x30\0\x40\x50\x60", 8);
    std::string packed(64, '\0');
    uLongf size = packed.size();
    ::compress(reinterpret_cast<Bytef*>(packed.data()), &size,
               reinterpret_cast<const Bytef*>(rows.data()), rows.size());
    packed.resize(size);
    return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + std::string(chunks) +
           png_chunk("IDAT", packed) + png_chunk("IEND", "") + std::string(behind);
}

}  // namespace kentongan
