#include "collectors/report/category.hpp"

#include <algorithm>

namespace kentongan::report {

namespace {
struct Titles {
    std::string_view indonesian;
    std::string_view english;
};
constexpr std::array<Titles, kCategories.size()> kTitles{{
    {"Angka suara berbeda dari formulir C.Hasil", "Vote numbers differ from the C.Hasil form"},
    {"Formulir C.Hasil tidak diumumkan atau tidak ada di Sirekap",
     "The C.Hasil form is not posted or not in Sirekap"},
    {"Intimidasi atau ancaman", "Intimidation or threats"},
    {"Politik uang", "Money offered for votes"},
    {"Sirekap tidak dapat diakses", "Sirekap cannot be reached"},
    {"Lainnya", "Something else"},
}};
}  // namespace

std::string_view name_of(Language language) {
    return language == Language::indonesian ? "id" : "en";
}

std::optional<Language> parse_language(std::string_view name) {
    if (name == "id") return Language::indonesian;
    if (name == "en") return Language::english;
    return std::nullopt;
}

bool is_category(std::string_view name) {
    return std::ranges::find(kCategories, name) != kCategories.end();
}

std::string_view category_title(std::string_view category, Language language) {
    const auto found = std::ranges::find(kCategories, category);
    if (found == kCategories.end()) return {};
    const Titles& titles = kTitles[static_cast<std::size_t>(found - kCategories.begin())];
    return language == Language::indonesian ? titles.indonesian : titles.english;
}

}  // namespace kentongan::report
