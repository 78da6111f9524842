#pragma once
// The page's files as the build embedded them (.cmake/embed.cmake).
#include <span>
#include <string_view>

namespace kentongan::report::page {

struct File {
    std::string_view name;  ///< "form.html"
    std::string_view type;  ///< of the content, as in HTTP
    std::string_view content;
};

[[nodiscard]] std::span<const File> files();

}  // namespace kentongan::report::page
