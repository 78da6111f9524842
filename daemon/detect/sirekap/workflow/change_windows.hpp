#pragma once
// Declared change windows: when, where and by whom results may be corrected in bulk or past the
// usual way, and when the plenaries of each level are in session.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::sirekap {

/// The offices a result passes, from the polling station upwards.
enum class Level : std::uint8_t { unknown, tps, kecamatan, above };

struct ChangeWindow {
    std::string name;                   ///< such as CW-2024-11-27-01
    Timestamp from{};                   ///< inclusive
    Timestamp to{};                     ///< exclusive
    std::vector<std::string> areas;     ///< codes of 2 to 13 characters; none: everywhere
    std::vector<std::string> accounts;  ///< none: any
    std::string note;                   ///< what was ordered
    std::string approved_by;
    Level plenary = Level::unknown;  ///< of that level; unknown: an order to change, no plenary
};

/// Const once made; in order of names.
class ChangeWindows {
  public:
    ChangeWindows() = default;
    explicit ChangeWindows(std::vector<ChangeWindow> windows);

    [[nodiscard]] std::size_t size() const { return windows_.size(); }
    [[nodiscard]] const ChangeWindow& operator[](std::size_t i) const { return windows_[i]; }

    /// Place of the first order that covers it. `area` is a code of any length, or empty for a
    /// change of which it is not known what it is about: then only orders for everywhere do.
    [[nodiscard]] std::optional<std::size_t> ordered(std::string_view area, Timestamp time,
                                                     std::string_view account) const;
    /// Whether any plenary of that level is declared, whenever and wherever.
    [[nodiscard]] bool know_plenaries_of(Level level) const;
    /// Whether one is in session there and then.
    [[nodiscard]] bool in_plenary(Level level, std::string_view area, Timestamp time) const;

  private:
    std::vector<ChangeWindow> windows_;
};

}  // namespace kentongan::sirekap
