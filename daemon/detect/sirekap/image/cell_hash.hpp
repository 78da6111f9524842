#pragma once
// A hash of what is written by hand in the cells of a form: alike for photographs of one form.
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/detect/sirekap/image/corner_marks.hpp"
#include "daemon/detect/sirekap/image/form_layout.hpp"

namespace kentongan::sirekap {

/// 128 bits.
struct CellHash {
    std::array<std::uint64_t, 2> words{};
    bool operator==(const CellHash&) const = default;

    [[nodiscard]] int ones() const { return std::popcount(words[0]) + std::popcount(words[1]); }
    [[nodiscard]] int distance(const CellHash& other) const {
        return std::popcount(words[0] ^ other.words[0]) + std::popcount(words[1] ^ other.words[1]);
    }
    [[nodiscard]] std::string to_hex() const;
    [[nodiscard]] static std::optional<CellHash> parse(std::string_view hex);
};

/// dHash (Krawetz, 2013) of the cells alone: each is looked at in rows of patches, and a bit says
/// whether a patch is clearly darker than the next one. The bits are shared out over the cells.
/// An empty cell gives zeros, so printed lines, paper and light do not count.
[[nodiscard]] CellHash hash_cells(const GrayImage& image, const SquareToQuad& place,
                                  const FormPage& page);

}  // namespace kentongan::sirekap
