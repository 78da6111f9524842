// JPEG: a list of segments with scans among them (ITU-T T.81, annex B).
#include <optional>
#include <utility>

#include "collectors/report/photo_parts.hpp"
#include "daemon/base/bytes.hpp"

namespace kentongan::report {

namespace {

enum Marker : std::uint8_t {
    kStartOfImage = 0xD8,
    kEndOfImage = 0xD9,
    kStartOfScan = 0xDA,
    kFirstRestart = 0xD0,
    kLastRestart = 0xD7,
    kFirstApplication = 0xE0,
    kExif = 0xE1,
    kAdobe = 0xEE,
    kQuantization = 0xDB,
    kHuffman = 0xC4,
    kArithmetic = 0xCC,
    kExtension = 0xC8,
    kRestartInterval = 0xDD,
};

bool is_frame(std::uint8_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != kHuffman && marker != kArithmetic &&
           marker != kExtension;
}
bool is_restart(std::uint8_t marker) { return marker >= kFirstRestart && marker <= kLastRestart; }
bool is_table(std::uint8_t marker) {
    return marker == kQuantization || marker == kHuffman || marker == kArithmetic ||
           marker == kRestartInterval;
}

/// An Exif block with nothing but the orientation.
std::string orientation_block(unsigned orientation) {
    std::string out{
        "\xFF\xE1\x00\x22"
        "Exif\0\0"
        "MM\0*"
        "\0\0\0\x08"
        "\0\x01"
        "\x01\x12\0\x03\0\0\0\x01\0",
        29};
    out.push_back(static_cast<char>(orientation));
    out.append(2 + 4, '\0');
    return out;
}

class Jpeg {
  public:
    explicit Jpeg(std::string_view bytes) : rest_(bytes) {}

    PhotoResult clean() {
        rest_.remove_prefix(2);
        body_.reserve(rest_.size());
        while (!ended_) {
            if (const auto marker = next_marker(); !marker || !take(*marker))
                return std::unexpected(fault_);
        }
        if (!framed_ || !scanned_) return std::unexpected(PhotoFault::damaged);
        out_.bytes = "\xFF\xD8";
        if (orientation_ > 1) out_.bytes += orientation_block(orientation_);
        out_.bytes += body_;
        out_.extension = "jpg";
        return std::move(out_);
    }

  private:
    std::optional<std::uint8_t> next_marker() {
        if (!rest_.starts_with('\xFF')) return std::nullopt;
        const auto at = rest_.find_first_not_of('\xFF');  // fill bytes
        if (at == std::string_view::npos) return std::nullopt;
        const auto marker = static_cast<std::uint8_t>(rest_[at]);
        rest_.remove_prefix(at + 1);
        return marker;
    }

    bool take(std::uint8_t marker) {
        if (marker == kEndOfImage) {
            put(marker, {});
            ended_ = true;
            return true;
        }
        if (marker == kStartOfImage || marker < 0xC0 || is_restart(marker)) return false;
        if (rest_.size() < 2) return false;
        const std::size_t length = ByteReader{as_bytes(rest_)}.u16();
        if (length < 2 || length > rest_.size()) return false;
        const std::string_view segment = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return take(marker, segment);
    }

    bool take(std::uint8_t marker, std::string_view segment) {
        const std::string_view content = segment.substr(2);
        if (is_frame(marker)) return take_frame(content) && put(marker, segment);
        if (is_table(marker)) return put(marker, segment);
        if (marker == kAdobe && content.starts_with("Adobe") && content.size() == 12)
            return put(marker, segment);  // says how colours are meant
        if (marker == kExif && content.starts_with(std::string_view{"Exif\0\0", 6}))
            orientation_ = exif_orientation(content.substr(6));
        if (marker != kStartOfScan) return true;  // left out
        if (!framed_) return false;
        put(marker, segment);
        scanned_ = true;
        return copy_scan();
    }

    bool take_frame(std::string_view content) {
        ByteReader read{as_bytes(content)};
        read.skip(1);
        out_.height = read.u16();
        out_.width = read.u16();
        if (!read.ok() || std::exchange(framed_, true)) return false;
        if (sound_size(out_.width, out_.height)) return true;
        fault_ =
            out_.width == 0 || out_.height == 0 ? PhotoFault::damaged : PhotoFault::too_many_pixels;
        return false;
    }

    bool put(std::uint8_t marker, std::string_view segment) {
        body_ += '\xFF';
        body_ += static_cast<char>(marker);
        body_ += segment;
        return true;
    }

    /// Up to the next marker that is neither a stuffed byte nor a restart.
    bool copy_scan() {
        std::size_t at = 0;
        for (;;) {
            at = rest_.find('\xFF', at);
            if (at == std::string_view::npos || at + 1 >= rest_.size()) return false;
            const auto next = static_cast<std::uint8_t>(rest_[at + 1]);
            if (next != 0 && next != 0xFF && !is_restart(next)) break;
            at += next == 0xFF ? 1 : 2;
        }
        body_ += rest_.substr(0, at);
        rest_.remove_prefix(at);
        return true;
    }

    std::string_view rest_;
    std::string body_;
    CleanPhoto out_;
    PhotoFault fault_ = PhotoFault::damaged;
    unsigned orientation_ = 1;
    bool framed_ = false;
    bool scanned_ = false;
    bool ended_ = false;
};

}  // namespace

PhotoResult clean_jpeg(std::string_view bytes) { return Jpeg{bytes}.clean(); }

}  // namespace kentongan::report
