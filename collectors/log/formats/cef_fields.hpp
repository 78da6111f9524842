#pragma once
// The keys of CEF and LEEF, and the fields they are.
#include <string_view>

#include "collectors/log/format.hpp"

namespace kentongan::log {

/// Sets one pair, decoded. False when the key is not known: it then keeps its name.
[[nodiscard]] bool set_cef_key(std::string_view key, std::string_view value, Event& out);

/// The time of `rt`, `start`, `end`, `devTime`: milliseconds since 1970, RFC 3339, or
/// "Nov 27 2024 16:31:05[.123][ zone]" without a zone in `zone`.
[[nodiscard]] std::optional<Timestamp> cef_time(std::string_view text, const ParseContext& context);

/// 0 to 10, from a number or from Low, Medium, High, Very-High.
[[nodiscard]] std::optional<std::int64_t> cef_severity(std::string_view text);

}  // namespace kentongan::log
