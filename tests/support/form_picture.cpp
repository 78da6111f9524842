// Draws the form by asking of each pixel what is there.
#include "tests/support/form_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>

#include <jpeglib.h>

#include "daemon/drill/generate/random.hpp"

namespace kentongan::generate {

namespace {

constexpr int kNumbers = 3;
constexpr int kDigits = 3;
constexpr double kLeft = 0.62;
constexpr double kTop = 0.25;
constexpr double kCell = 0.09;
constexpr double kRow = 0.2;

struct Point {
    double x = 0;
    double y = 0;
};

double distance_to(const Point& p, const Point& a, const Point& b) {
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    const double along =
        std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy + 1e-12), 0.0, 1.0);
    return std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

/// Strokes of the digits in a box of one by one, as seven segments bent by the hand.
std::vector<std::array<Point, 2>> strokes_of(int digit, Random& hand) {
    constexpr std::array<Point, 6> kCorners{
        {{.2, .1}, {.8, .1}, {.2, .5}, {.8, .5}, {.2, .9}, {.8, .9}}};
    constexpr std::array<std::array<std::size_t, 2>, 7> kSegments{
        {{0, 1}, {1, 3}, {3, 5}, {4, 5}, {2, 4}, {0, 2}, {2, 3}}};
    constexpr std::array<unsigned, 10> kLit{0x3F, 0x06, 0x5B, 0x4F, 0x66,
                                            0x6D, 0x7D, 0x07, 0x7F, 0x6F};
    std::array<Point, 6> bent{};
    for (std::size_t i = 0; i < bent.size(); ++i)
        bent[i] = {kCorners[i].x + (hand.real() - 0.5) * 0.3,
                   kCorners[i].y + (hand.real() - 0.5) * 0.3};
    std::vector<std::array<Point, 2>> out;
    for (std::size_t segment = 0; segment < kSegments.size(); ++segment)
        if ((kLit[static_cast<std::size_t>(digit)] >> segment & 1) != 0)
            out.push_back({bent[kSegments[segment][0]], bent[kSegments[segment][1]]});
    return out;
}

/// The paper, in shares of the way between the middles of the corner marks.
class Paper {
  public:
    Paper(const std::vector<int>& votes, std::uint64_t hand, bool marks) : marks_(marks) {
        Random random{hand ^ 0xF04A};
        for (int number = 0; number < kNumbers; ++number)
            for (int digit = 0, rest = votes.at(static_cast<std::size_t>(number)); digit < kDigits;
                 ++digit) {
                const int value = digit == 0 ? rest / 100 : digit == 1 ? rest / 10 % 10 : rest % 10;
                for (auto stroke : strokes_of(value, random)) {
                    for (Point& end : stroke)
                        end = {kLeft + kCell * (digit + end.x),
                               kTop + kRow * number + kCell * end.y};
                    strokes_[static_cast<std::size_t>(number * kDigits + digit)].push_back(stroke);
                }
            }
    }

    [[nodiscard]] bool is_dark(const Point& p) const {
        for (const double x : {0.0, 1.0})
            for (const double y : {0.0, 1.0})
                if (marks_ && std::abs(p.x - x) < 0.025 && std::abs(p.y - y) < 0.017) return true;
        for (const auto& [from, to] : strokes_near(p))
            if (distance_to(p, from, to) < 0.009) return true;
        return is_printed(p);
    }

  private:
    using Strokes = std::vector<std::array<Point, 2>>;

    /// Of the digit in whose box the point lies.
    [[nodiscard]] const Strokes& strokes_near(const Point& p) const {
        static const Strokes kNone;
        const double column = (p.x - kLeft) / kCell;
        const double row = (p.y - kTop) / kRow;
        if (column < 0 || column >= kDigits || row < 0 || row >= kNumbers) return kNone;
        return strokes_[static_cast<std::size_t>(row) * kDigits + static_cast<std::size_t>(column)];
    }

    /// Boxes for the digits, and lines of text on the left.
    static bool is_printed(const Point& p) {
        for (int number = 0; number < kNumbers; ++number) {
            const double y = p.y - kTop - kRow * number;
            const double x = (p.x - kLeft) / kCell;
            if (y > 0 && y < kCell && x > -0.03 && x < kDigits + 0.03 &&
                std::abs(x - std::round(x)) < 0.02)
                return true;
            if (x > 0 && x < kDigits && (std::abs(y) < 0.002 || std::abs(y - kCell) < 0.002))
                return true;
        }
        return p.x > 0.1 && p.x < 0.55 && p.y > 0.15 && p.y < 0.9 && std::fmod(p.y, 0.05) < 0.006;
    }

    bool marks_;
    std::array<Strokes, std::size_t{kNumbers} * kDigits> strokes_;
};

/// Where on the paper a pixel of the photograph looks.
Point look(const Photograph& how, int px, int py) {
    const double angle = how.turned * std::numbers::pi / 180;
    const double x = (px - how.width / 2.0) / how.shrunk;
    double y = (py - how.height / 2.0) / how.shrunk;
    const double turned_x = x * std::cos(angle) + y * std::sin(angle);
    y = y * std::cos(angle) - x * std::sin(angle);
    const double depth = 1 - how.keystone * (0.5 - y / how.height);
    return {turned_x / depth / (how.width * 0.84) + 0.5, y / depth / (how.height * 0.88) + 0.5};
}

std::string compressed(const std::vector<std::uint8_t>& pixels, const Photograph& how) {
    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    unsigned char* memory = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&info, &memory, &size);
    info.image_width = static_cast<JDIMENSION>(how.width);
    info.image_height = static_cast<JDIMENSION>(how.height);
    info.input_components = 1;
    info.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, how.quality, TRUE);
    info.dct_method = JDCT_ISLOW;
    if (how.progressive) jpeg_simple_progression(&info);
    jpeg_start_compress(&info, TRUE);
    if (!how.comment.empty())
        jpeg_write_marker(&info, JPEG_COM, reinterpret_cast<const JOCTET*>(how.comment.data()),
                          static_cast<unsigned>(how.comment.size()));
    std::vector<std::uint8_t> row(static_cast<std::size_t>(how.width));
    while (info.next_scanline < info.image_height) {
        std::copy_n(pixels.begin() + static_cast<std::ptrdiff_t>(info.next_scanline) * how.width,
                    how.width, row.begin());
        JSAMPROW line = row.data();
        jpeg_write_scanlines(&info, &line, 1);
    }
    jpeg_finish_compress(&info);
    std::string out(reinterpret_cast<const char*>(memory), size);
    jpeg_destroy_compress(&info);
    std::free(memory);
    return out;
}

}  // namespace

std::string form_picture(const std::vector<int>& votes, std::uint64_t hand, const Photograph& how) {
    const Paper paper{votes, hand, how.marks};
    Random grain{hand ^ 0x6A1};
    std::vector<std::uint8_t> pixels;
    pixels.reserve(static_cast<std::size_t>(how.width) * static_cast<std::size_t>(how.height));
    for (int y = 0; y < how.height; ++y)
        for (int x = 0; x < how.width; ++x) {
            double shade = (paper.is_dark(look(how, x, y)) ? 30 : 235) * how.light;
            if (how.noise > 0) shade += static_cast<double>(grain.between(-how.noise, how.noise));
            pixels.push_back(static_cast<std::uint8_t>(std::clamp(shade, 0.0, 255.0)));
        }
    return compressed(pixels, how);
}

std::string form_layout() {
    std::string cells;
    for (int number = 0; number < kNumbers; ++number)
        for (int digit = 0; digit < kDigits; ++digit)
            cells +=
                fmt::format("[{:.4f}, {:.4f}, {:.4f}, {:.4f}], ", kLeft + kCell * (digit + 0.08),
                            kTop + kRow * number + 0.005, kCell * 0.84, kCell - 0.01);
    return fmt::format("[[page]]\nform = \"C_HASIL_KWK\"\npage = 2\ncells = [{}]\n", cells);
}

}  // namespace kentongan::generate
