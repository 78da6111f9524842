#pragma once
// Small readers shared by the hand-written formats. None allocates.
#include <array>
#include <optional>
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Takes `prefix` off the front if it is there.
[[nodiscard]] inline bool take(std::string_view& rest, std::string_view prefix) {
    if (!rest.starts_with(prefix)) return false;
    rest.remove_prefix(prefix.size());
    return true;
}

/// Takes `suffix` off the end if it is there.
[[nodiscard]] inline bool take_back(std::string_view& rest, std::string_view suffix) {
    if (!rest.ends_with(suffix)) return false;
    rest.remove_suffix(suffix.size());
    return true;
}

[[nodiscard]] inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Exactly `Digits` decimal digits at `at`; -1 when they are not there.
template <std::size_t Digits>
[[nodiscard]] int digits_at(std::string_view text, std::size_t at) {
    if (at + Digits > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + Digits; ++i) {
        if (!is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/// "27/Nov/2024:16:31:05 +0700" at the front of `text`, 26 characters.
inline constexpr std::size_t kClfTimeLength = 26;
[[nodiscard]] std::optional<Timestamp> scan_clf_time(std::string_view text);

/// Takes "Nov 27 16:31:05[.fraction] " or "Nov 27 2024 16:31:05 " off the front of `rest`; a year
/// that is missing comes from the context.
[[nodiscard]] std::optional<Timestamp> take_bsd_time(std::string_view& rest,
                                                     const ParseContext& context);

/// The civil time in the year that fits the reference: nearest to the previous event, or, where
/// there is none, the latest that is at most a day after the reference.
[[nodiscard]] std::optional<Timestamp> infer_year(int month, int day, int hour, int minute,
                                                  int second, const ParseContext& context);

/// Sets url.original and what follows from it: url.path, url.query, url.extension, url.domain.
void set_url(std::string_view url, Event& out);

/// The same without url.original, for inputs that name it themselves.
void set_url_parts(std::string_view url, Event& out);

/// Sets source.ip, or source.address when the text is a name. "-" and "" set nothing.
void set_source(std::string_view text, Event& out);

}  // namespace kentongan::log
