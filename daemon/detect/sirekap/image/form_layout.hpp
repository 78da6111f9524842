#pragma once
// Where people write by hand on each page of a form: KPU's layout, which is not public, as a file.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::sirekap {

/// A box for one digit, in shares of the way between the middles of the corner marks.
struct Cell {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
};

struct FormPage {
    std::string form;  ///< jenisImage, such as C_HASIL_KWK
    int page = 0;      ///< noLembar
    std::vector<Cell> cells;
};

/// A TOML file:
///
///     [[page]]
///     form = "C_HASIL_KWK"
///     page = 2
///     cells = [[0.71, 0.30, 0.04, 0.03], …]     # x, y, width, height; 1 to 64 of them
class FormLayouts {
  public:
    static constexpr std::size_t kMostPages = 16;
    static constexpr std::size_t kMostCells = 64;

    /// `file` is for messages.
    [[nodiscard]] static Result<FormLayouts> parse(std::string_view toml, std::string_view file);
    [[nodiscard]] const std::vector<FormPage>& pages() const { return pages_; }

  private:
    std::vector<FormPage> pages_;
};

}  // namespace kentongan::sirekap
