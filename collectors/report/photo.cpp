#include "collectors/report/photo.hpp"

#include "collectors/report/photo_parts.hpp"

namespace kentongan::report {

namespace {
constexpr std::uint64_t kMostPixels = 100'000'000;
}  // namespace

std::string_view name_of(PhotoFault fault) {
    switch (fault) {
        case PhotoFault::unsupported:
            return "unsupported";
        case PhotoFault::damaged:
            return "damaged";
        case PhotoFault::too_many_pixels:
            return "too_many_pixels";
    }
    return "damaged";
}

bool sound_size(std::uint64_t width, std::uint64_t height) {
    return width > 0 && height > 0 && width * height <= kMostPixels;
}

PhotoResult clean_photo(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xD8\xFF")) return clean_jpeg(bytes);
    if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return clean_png(bytes);
    return std::unexpected(PhotoFault::unsupported);
}

}  // namespace kentongan::report
