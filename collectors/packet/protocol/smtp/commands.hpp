#pragma once
// The lines that an SMTP client sends, taken apart (RFC 5321).
#include <cstddef>
#include <string>
#include <string_view>

namespace kentongan::packet::smtp {

/// Of a text that is kept of a dialogue.
inline constexpr std::size_t kLongestText = 1024;

/// Whether `line` is this command, in any case; then only what follows it is left of `line`.
[[nodiscard]] bool take_verb(std::string_view& line, std::string_view verb);

/// "<a@b> SIZE=1" and "Name <a@b>" alike: what is in the brackets, or the first word.
[[nodiscard]] std::string address_of(std::string_view text);

}  // namespace kentongan::packet::smtp
