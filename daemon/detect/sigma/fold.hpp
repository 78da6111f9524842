#pragma once
// Case folding of hostile UTF-8, for case-insensitive comparison.
#include <string>
#include <string_view>

namespace kentongan::sigma {

/// Appends `text` in lower case: ASCII, Latin, Greek, Cyrillic, Armenian and full-width letters by
/// Unicode's simple case folding (CaseFolding.txt, status C and S); bytes that are not UTF-8 stay.
void append_folded(std::string_view text, std::string& out);
[[nodiscard]] std::string folded(std::string_view text);

[[nodiscard]] bool is_ascii(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Bytes of the character at the start of non-empty `text`: 1 where it is not UTF-8.
[[nodiscard]] std::size_t character_length(std::string_view text);

/// UTF-16 of UTF-8 text; a byte that is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string to_utf16(std::string_view text, bool big_endian);

}  // namespace kentongan::sigma
