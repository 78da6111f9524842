#pragma once
// An option that takes a time.
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::cli {

/// RFC 3339, or an age such as 90s, 15m, 2h, 7d before now; nothing for an empty text. The error
/// (usage) names the option.
[[nodiscard]] Result<std::optional<Timestamp>> time_of(std::string_view option,
                                                       const std::string& text);

}  // namespace kentongan::cli
