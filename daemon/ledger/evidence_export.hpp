#pragma once
// Gathers what a package holds of alerts: the history's entries about them.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/ledger/package.hpp"

namespace kentongan::ledger {

/// Of one alert, at most so many entries: the first half and the newest half are kept.
inline constexpr std::size_t kMostEntriesEach = 1000;

/// The published entries about each of `ids`. Reads every bundle once, and looks closer only where
/// an id stands; blocks for seconds in a long history.
[[nodiscard]] Result<std::map<std::string, std::vector<IndexedEntry>>> entries_about(
    const std::filesystem::path& folder, const std::vector<std::string>& ids);

/// The text of packaging/verify/kentongan-verify.py.
[[nodiscard]] std::string_view verifier_program();

}  // namespace kentongan::ledger
