#pragma once
// A picture in shades of grey.
#include <cstdint>
#include <vector>

namespace kentongan::sirekap {

struct GrayImage {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels;  ///< row by row; 0 is black

    [[nodiscard]] std::uint8_t at(int x, int y) const {
        return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(x)];
    }
};

struct Point {
    double x = 0;
    double y = 0;
};

}  // namespace kentongan::sirekap
