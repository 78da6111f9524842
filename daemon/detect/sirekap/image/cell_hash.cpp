#include "daemon/detect/sirekap/image/cell_hash.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kBits = 128;
constexpr int kAcross = 3;         // patches in a row; two comparisons
constexpr int kSamples = 4;        // in each direction of a patch
constexpr double kClearly = 0.12;  // of the range from black to white

double shade(const GrayImage& image, const Point& at) {
    const int x = std::clamp(static_cast<int>(at.x + 0.5), 0, image.width - 1);
    const int y = std::clamp(static_cast<int>(at.y + 0.5), 0, image.height - 1);
    return image.at(x, y) / 255.0;
}

/// Mean shade of a patch.
double patch(const GrayImage& image, const SquareToQuad& place, const Cell& area) {
    double sum = 0;
    for (int i = 0; i < kSamples; ++i)
        for (int k = 0; k < kSamples; ++k)
            sum += shade(image, place(area.x + area.width * (i + 0.5) / kSamples,
                                      area.y + area.height * (k + 0.5) / kSamples));
    return sum / (kSamples * kSamples);
}

}  // namespace

std::string CellHash::to_hex() const { return fmt::format("{:016x}{:016x}", words[0], words[1]); }

std::optional<CellHash> CellHash::parse(std::string_view hex) {
    if (hex.size() != 32) return std::nullopt;
    CellHash out;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto part = hex.substr(16 * i, 16);
        const auto* end = part.data() + part.size();
        const auto [stopped, error] = std::from_chars(part.data(), end, out.words[i], 16);
        if (error != std::errc{} || stopped != end) return std::nullopt;
    }
    return out;
}

CellHash hash_cells(const GrayImage& image, const SquareToQuad& place, const FormPage& page) {
    CellHash out;
    const std::size_t rows = std::max<std::size_t>(1, kBits / page.cells.size() / (kAcross - 1));
    std::size_t bit = 0;
    for (const Cell& cell : page.cells)
        for (std::size_t row = 0; row < rows; ++row) {
            double before = 0;
            for (int column = 0; column < kAcross && bit < kBits; ++column) {
                const Cell area{
                    cell.x + cell.width * column / kAcross,
                    cell.y + cell.height * static_cast<double>(row) / static_cast<double>(rows),
                    cell.width / kAcross, cell.height / static_cast<double>(rows)};
                const double now = patch(image, place, area);
                if (column > 0) {
                    if (now - before > kClearly)
                        out.words[bit / 64] |= std::uint64_t{1} << bit % 64;
                    ++bit;
                }
                before = now;
            }
        }
    return out;
}

}  // namespace kentongan::sirekap
