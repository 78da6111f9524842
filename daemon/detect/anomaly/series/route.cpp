// Placeholders for what varies in a path.
#include "daemon/detect/anomaly/series/route.hpp"

#include <algorithm>

namespace kentongan::anomaly {

namespace {

constexpr std::size_t kSegments = 6;
constexpr std::size_t kLongestEnding = 5;
constexpr std::size_t kTpsDigits = 13;
constexpr std::size_t kLongSegment = 16;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
constexpr bool is_hex(char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !is_hex(text[i]))
            return false;
    return true;
}

/// ".json" of "1.json"; empty when the segment has none.
std::string_view ending_of(std::string_view text) {
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return {};
    const auto ending = text.substr(dot);
    const bool plain =
        ending.size() >= 2 && ending.size() <= kLongestEnding + 1 &&
        std::ranges::all_of(ending.substr(1), [](char c) { return is_letter(c) || is_digit(c); });
    return plain ? ending : std::string_view{};
}

std::string_view placeholder(std::string_view stem) {
    const auto digits = static_cast<std::size_t>(std::ranges::count_if(stem, is_digit));
    if (digits == 0) return {};
    if (digits == stem.size()) return digits == kTpsDigits ? "{tps}" : "{n}";
    if (is_uuid(stem)) return "{uuid}";
    return stem.size() >= kLongSegment ? "{id}" : std::string_view{};
}

}  // namespace

RouteName::RouteName(std::string_view path) {
    path = path.substr(0, path.find_first_of("?#"));
    for (std::size_t count = 0; !path.empty(); ++count) {
        if (path.front() == '/') path.remove_prefix(1);
        if (count == kSegments) {
            append("/…");
            return;
        }
        const auto end = std::min(path.find('/'), path.size());
        append("/");
        segment(path.substr(0, end));
        path.remove_prefix(end);
    }
}

void RouteName::segment(std::string_view text) {
    const auto ending = ending_of(text);
    const auto stem = text.substr(0, text.size() - ending.size());
    const auto other = placeholder(stem);
    append(other.empty() ? stem : other);
    append(ending);
}

void RouteName::append(std::string_view text) {
    const auto fits = std::min(text.size(), kLongest - size_);
    std::ranges::copy(text.substr(0, fits), text_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += fits;
}

}  // namespace kentongan::anomaly
