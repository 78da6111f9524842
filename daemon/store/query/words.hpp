#pragma once
// How text becomes words, the same for what is stored and for what is asked.
#include <string>
#include <string_view>

namespace kentongan::query {

inline constexpr std::size_t kWordCap = 64;  ///< bytes; longer ones are cut

/// " one two ": lower-case words in order, a blank around each. A word is a run of letters, digits
/// and bytes beyond ASCII, joined by . - _ : @ within; its parts follow it: "a.b" is " a.b a b ".
/// Empty when there is none. Reads at most 4 KiB.
[[nodiscard]] std::string words_of(std::string_view text);

/// `text` is in lower case; kWild in `pattern` is any run of bytes. Lists (a line each, after a
/// line feed) match when one of their lines does.
[[nodiscard]] bool matches_wild(std::string_view text, std::string_view pattern);

}  // namespace kentongan::query
