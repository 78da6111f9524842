#include "daemon/detect/sirekap/image/corner_marks.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace kentongan::sirekap {

namespace {

constexpr double kLookedAt = 0.3;  // of width and height, from each corner
constexpr double kLeastSide = 0.01;
constexpr double kMostSide = 0.12;
constexpr double kLeastFill = 0.45;

/// Otsu, 1979: the level that separates dark from light best.
int threshold_of(const GrayImage& image) {
    std::array<double, 256> counts{};
    for (const std::uint8_t pixel : image.pixels) counts[pixel] += 1;
    const auto total = static_cast<double>(image.pixels.size());
    double sum = 0;
    for (int level = 0; level < 256; ++level)
        sum += level * counts[static_cast<std::size_t>(level)];
    double below = 0;
    double sum_below = 0;
    double best = -1;
    int at = 127;
    for (int level = 0; level < 255; ++level) {
        below += counts[static_cast<std::size_t>(level)];
        sum_below += level * counts[static_cast<std::size_t>(level)];
        if (below == 0 || below == total) continue;
        const double gap = sum_below / below - (sum - sum_below) / (total - below);
        const double between = below * (total - below) * gap * gap;
        if (between > best) {
            best = between;
            at = level;
        }
    }
    return at;
}

/// One corner's part of the picture; finds patches in it.
class Corner {
  public:
    Corner(const GrayImage& image, int threshold, bool right, bool bottom)
        : image_(image),
          threshold_(threshold),
          width_(std::max(1, static_cast<int>(image.width * kLookedAt))),
          height_(std::max(1, static_cast<int>(image.height * kLookedAt))),
          left_(right ? image.width - width_ : 0),
          top_(bottom ? image.height - height_ : 0),
          corner_{right ? image.width - 1.0 : 0.0, bottom ? image.height - 1.0 : 0.0},
          seen_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {}

    std::optional<Point> nearest_mark() {
        std::optional<Point> best;
        double nearest = HUGE_VAL;
        for (int y = 0; y < height_; ++y)
            for (int x = 0; x < width_; ++x) {
                if (!take(x, y)) continue;
                const auto mark = patch(x, y);
                const double far = mark ? std::hypot(mark->x - corner_.x, mark->y - corner_.y) : 0;
                if (!mark || far >= nearest) continue;
                nearest = far;
                best = mark;
            }
        return best;
    }

  private:
    /// Whether a pixel is dark and was not looked at before.
    bool take(int x, int y) {
        if (x < 0 || y < 0 || x >= width_ || y >= height_) return false;
        auto& seen = seen_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                           static_cast<std::size_t>(x)];
        if (seen != 0 || image_.at(left_ + x, top_ + y) > threshold_) return false;
        seen = 1;
        return true;
    }

    /// The whole patch that a dark pixel belongs to, when it has the shape of a mark.
    std::optional<Point> patch(int x, int y) {
        int least_x = x, most_x = x, least_y = y, most_y = y;
        double count = 0;
        open_.assign(1, {x, y});
        while (!open_.empty()) {
            const auto [px, py] = open_.back();
            open_.pop_back();
            ++count;
            least_x = std::min(least_x, px);
            most_x = std::max(most_x, px);
            least_y = std::min(least_y, py);
            most_y = std::max(most_y, py);
            for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}})
                if (take(px + dx, py + dy)) open_.emplace_back(px + dx, py + dy);
        }
        const double wide = most_x - least_x + 1;
        const double high = most_y - least_y + 1;
        const double longest = std::max(image_.width, image_.height);
        const bool size = std::min(wide, high) >= kLeastSide * longest &&
                          std::max(wide, high) <= kMostSide * longest;
        if (!size || wide > 1.7 * high || high > 1.7 * wide || count < kLeastFill * wide * high)
            return std::nullopt;
        return Point{left_ + (least_x + most_x) / 2.0, top_ + (least_y + most_y) / 2.0};
    }

    const GrayImage& image_;
    int threshold_;
    int width_;
    int height_;
    int left_;
    int top_;
    Point corner_;
    std::vector<std::uint8_t> seen_;
    std::vector<std::pair<int, int>> open_;
};

}  // namespace

std::optional<std::array<Point, 4>> find_corner_marks(const GrayImage& image) {
    if (image.width < 64 || image.height < 64) return std::nullopt;
    const int threshold = threshold_of(image);
    std::array<Point, 4> out;
    std::size_t next = 0;
    for (const auto& [right, bottom] :
         {std::pair{false, false}, {true, false}, {true, true}, {false, true}}) {
        const auto mark = Corner{image, threshold, right, bottom}.nearest_mark();
        if (!mark) return std::nullopt;
        out[next++] = *mark;
    }
    return out;
}

SquareToQuad::SquareToQuad(const std::array<Point, 4>& corners) {
    const auto& [p0, p1, p2, p3] = corners;
    const double sx = p0.x - p1.x + p2.x - p3.x;
    const double sy = p0.y - p1.y + p2.y - p3.y;
    const double dx1 = p1.x - p2.x;
    const double dy1 = p1.y - p2.y;
    const double dx2 = p3.x - p2.x;
    const double dy2 = p3.y - p2.y;
    const double area = dx1 * dy2 - dx2 * dy1;
    g_ = area == 0 ? 0 : (sx * dy2 - dx2 * sy) / area;
    h_ = area == 0 ? 0 : (dx1 * sy - sx * dy1) / area;
    a_ = p1.x - p0.x + g_ * p1.x;
    b_ = p3.x - p0.x + h_ * p3.x;
    c_ = p0.x;
    d_ = p1.y - p0.y + g_ * p1.y;
    e_ = p3.y - p0.y + h_ * p3.y;
    f_ = p0.y;
}

Point SquareToQuad::operator()(double u, double v) const {
    const double w = g_ * u + h_ * v + 1;
    if (w == 0) return {c_, f_};
    return {(a_ * u + b_ * v + c_) / w, (d_ * u + e_ * v + f_) / w};
}

}  // namespace kentongan::sirekap
