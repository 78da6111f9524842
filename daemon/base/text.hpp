#pragma once
// Small text tools that are right for hostile bytes.
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kentongan {

[[nodiscard]] constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] std::string_view trim(std::string_view text);

/// The whole of `text` as a decimal number.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return value;
}

/// The text up to `separator`, which is removed along with it; all of it when there is none.
[[nodiscard]] std::string_view take_until(std::string_view& rest, char separator);

/// Valid UTF-8 of at most `cap` bytes: a byte that is not becomes `\xNN`; a cut ends in "…".
[[nodiscard]] std::string printable_utf8(std::string_view bytes, std::size_t cap = SIZE_MAX);

/// The candidate nearest to `word` by edit distance, for "did you mean"; empty when none is near.
template <class Range>
[[nodiscard]] std::string_view nearest_word(std::string_view word, const Range& candidates);

[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

template <class Range>
std::string_view nearest_word(std::string_view word, const Range& candidates) {
    std::string_view best;
    std::size_t best_distance = 1 + (word.size() + 2) / 3;
    for (std::string_view candidate : candidates)
        if (const auto distance = edit_distance(word, candidate); distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    return best;
}

}  // namespace kentongan
