#pragma once
// Finds the marks in the corners of a form, and maps the form between them onto a unit square.
#include <array>
#include <optional>

#include "daemon/detect/sirekap/image/gray_image.hpp"

namespace kentongan::sirekap {

/// Middles of the marks: top left, top right, bottom right, bottom left. Nothing when any of the
/// four is missing. A mark is a dark, about square patch (an AprilTag's frame counts) with sides of
/// 1 to 12 % of the picture's longer side; the one nearest to its corner is taken.
[[nodiscard]] std::optional<std::array<Point, 4>> find_corner_marks(const GrayImage& image);

/// Projective map of the unit square onto a quadrangle (Heckbert, 1989, §2.2.3).
class SquareToQuad {
  public:
    explicit SquareToQuad(const std::array<Point, 4>& corners);
    [[nodiscard]] Point operator()(double u, double v) const;

  private:
    double a_, b_, c_, d_, e_, f_, g_, h_;
};

}  // namespace kentongan::sirekap
