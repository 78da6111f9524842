#include "daemon/detect/sirekap/image/form_layout.hpp"

#include <toml++/toml.h>

#include <optional>

namespace kentongan::sirekap {

namespace {

std::optional<Cell> cell_of(const toml::node& node) {
    const auto* list = node.as_array();
    if (list == nullptr || list->size() != 4) return std::nullopt;
    const auto number = [&](std::size_t i) { return list->get(i)->value<double>().value_or(-1); };
    const Cell out{number(0), number(1), number(2), number(3)};
    const bool inside = out.x >= 0 && out.y >= 0 && out.width > 0 && out.height > 0 &&
                        out.x + out.width <= 1 && out.y + out.height <= 1;
    return inside ? std::optional{out} : std::nullopt;
}

}  // namespace

Result<FormLayouts> FormLayouts::parse(std::string_view text, std::string_view file) try {
    FormLayouts out;
    const toml::table root = toml::parse(text, file);
    const auto* pages = root["page"].as_array();
    if (pages == nullptr || pages->size() > kMostPages)
        return fail(ErrorCode::data, "layout of forms {}: 1 to {} [[page]] are expected", file,
                    kMostPages);
    for (const toml::node& node : *pages) {
        const auto line = node.source().begin.line;
        const auto* table = node.as_table();
        const auto* cells = table == nullptr ? nullptr : (*table)["cells"].as_array();
        if (cells == nullptr || cells->empty() || cells->size() > kMostCells)
            return fail(ErrorCode::data, "layout of forms {}:{}: 1 to {} cells are expected", file,
                        line, kMostCells);
        FormPage page{(*table)["form"].value_or(std::string{}), (*table)["page"].value_or(0), {}};
        if (page.form.empty() || page.page < 1 || page.page > 255)
            return fail(ErrorCode::data, "layout of forms {}:{}: form and page are expected", file,
                        line);
        for (const toml::node& each : *cells) {
            const auto cell = cell_of(each);
            if (!cell)
                return fail(ErrorCode::data,
                            "layout of forms {}:{}: a cell is x, y, width and height within 0 to 1",
                            file, each.source().begin.line);
            page.cells.push_back(*cell);
        }
        out.pages_.push_back(std::move(page));
    }
    return out;
} catch (const toml::parse_error& error) {
    return fail(ErrorCode::data, "layout of forms {}:{}: {}", file, error.source().begin.line,
                error.description());
}

}  // namespace kentongan::sirekap
