// PNG: a list of chunks (RFC 2083, §3).
#include <zlib.h>

#include <algorithm>
#include <array>

#include "collectors/report/photo_parts.hpp"
#include "daemon/base/bytes.hpp"

namespace kentongan::report {

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kAround = 12;  // of a chunk: length, type, checksum
constexpr std::array<std::string_view, 10> kKept{"IHDR", "PLTE", "tRNS", "IDAT", "IEND",
                                                 "gAMA", "sRGB", "cHRM", "sBIT", "pHYs"};

bool checksum_holds(std::string_view chunk) {
    const auto covered = as_bytes(chunk.substr(4, chunk.size() - 8));
    const auto sum = ::crc32(0, covered.data(), static_cast<uInt>(covered.size()));
    return sum == ByteReader{as_bytes(chunk.substr(chunk.size() - 4))}.u32();
}

class Png {
  public:
    explicit Png(std::string_view bytes) : rest_(bytes) {}

    PhotoResult clean() {
        out_.bytes = rest_.substr(0, kSignature);
        rest_.remove_prefix(kSignature);
        for (bool first = true; !ended_; first = false)
            if (!take(first)) return std::unexpected(fault_);
        if (!drawn_) return std::unexpected(PhotoFault::damaged);
        out_.extension = "png";
        return std::move(out_);
    }

  private:
    bool take(bool first) {
        if (rest_.size() < kAround) return false;
        const std::size_t length = ByteReader{as_bytes(rest_)}.u32();
        if (length > rest_.size() - kAround) return false;
        const std::string_view chunk = rest_.substr(0, length + kAround);
        rest_.remove_prefix(chunk.size());
        const std::string_view type = chunk.substr(4, 4);
        if ((type == "IHDR") != first) return false;
        if (std::ranges::find(kKept, type) == kKept.end()) return true;  // left out
        if (!checksum_holds(chunk)) return false;
        if (first && !take_header(chunk.substr(8, length))) return false;
        drawn_ = drawn_ || type == "IDAT";
        ended_ = type == "IEND";
        out_.bytes += chunk;
        return true;
    }

    bool take_header(std::string_view header) {
        ByteReader read{as_bytes(header)};
        out_.width = read.u32();
        out_.height = read.u32();
        if (header.size() != 13) return false;
        if (sound_size(out_.width, out_.height)) return true;
        if (out_.width != 0 && out_.height != 0) fault_ = PhotoFault::too_many_pixels;
        return false;
    }

    std::string_view rest_;
    CleanPhoto out_;
    PhotoFault fault_ = PhotoFault::damaged;
    bool drawn_ = false;
    bool ended_ = false;
};

}  // namespace

PhotoResult clean_png(std::string_view bytes) { return Png{bytes}.clean(); }

}  // namespace kentongan::report
