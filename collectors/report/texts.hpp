#pragma once
// What the page says, in both languages.
#include <string_view>

#include "collectors/report/category.hpp"

namespace kentongan::report {

/// Empty for a key that is not there. Texts hold {{names}} of values, filled in by the page.
[[nodiscard]] std::string_view text(std::string_view key, Language language);
[[nodiscard]] bool has_text(std::string_view key);

}  // namespace kentongan::report
