#pragma once
// Zones by the short names that servers print beside local times.
#include <chrono>
#include <optional>
#include <string_view>

namespace kentongan::log {

/// "WIB", "WITA", "WIT", "Asia/Jakarta", "UTC", "+07", "-0330" as an offset; nothing for names that
/// are unknown or stand for several zones (IST, CST), where the setting of the source has to say.
[[nodiscard]] std::optional<std::chrono::seconds> zone_named(std::string_view name);

}  // namespace kentongan::log
