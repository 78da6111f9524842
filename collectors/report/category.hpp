#pragma once
// What a report can be about, and the two languages people report in.
#include <array>
#include <optional>
#include <string_view>

namespace kentongan::report {

enum class Language { indonesian, english };
/// "id", "en".
[[nodiscard]] std::string_view name_of(Language language);
[[nodiscard]] std::optional<Language> parse_language(std::string_view name);

/// Values of report.category, in the order in which people are offered them.
inline constexpr std::array<std::string_view, 6> kCategories{
    "numbers", "form_missing", "intimidation", "money", "system_down", "other"};
[[nodiscard]] bool is_category(std::string_view name);
/// For people: "Angka suara berbeda dari formulir", "Vote numbers differ from the form".
[[nodiscard]] std::string_view category_title(std::string_view category, Language language);

}  // namespace kentongan::report
