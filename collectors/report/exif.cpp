// The one thing of Exif that is kept: which way up the picture is (Exif 2.32, §4.6.4, tag 0112).
#include "collectors/report/photo_parts.hpp"
#include "daemon/base/bytes.hpp"

namespace kentongan::report {

namespace {

constexpr std::uint16_t kOrientation = 0x0112;
constexpr std::size_t kEntrySize = 12;

class Tiff {
  public:
    explicit Tiff(std::string_view bytes)
        : bytes_(bytes), little_(bytes.starts_with(std::string_view{"II*\0", 4})) {}

    [[nodiscard]] bool is_one() const {
        return little_ || bytes_.starts_with(std::string_view{"MM\0*", 4});
    }
    /// Zero past the end.
    [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t width) const {
        if (at > bytes_.size() || width > bytes_.size() - at) return 0;
        std::uint32_t out = 0;
        for (std::size_t i = 0; i < width; ++i) {
            const std::size_t place = little_ ? at + width - 1 - i : at + i;
            out = out << 8 | static_cast<std::uint8_t>(bytes_[place]);
        }
        return out;
    }

  private:
    std::string_view bytes_;
    bool little_;
};

}  // namespace

unsigned exif_orientation(std::string_view bytes) {
    const Tiff tiff{bytes};
    if (!tiff.is_one()) return 1;
    const std::size_t folder = tiff.number(4, 4);
    const std::size_t count = tiff.number(folder, 2);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t entry = folder + 2 + i * kEntrySize;
        if (entry + kEntrySize > bytes.size()) return 1;
        if (tiff.number(entry, 2) != kOrientation) continue;
        const unsigned value = tiff.number(entry + 8, 2);
        return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

}  // namespace kentongan::report
