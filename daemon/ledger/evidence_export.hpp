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

/// What proves that the newest checkpoint holds an entry.
struct EntryProof {
    IndexedEntry entry;
    SignedCheckpoint checkpoint;
    Proof hashes;
};
/// Of the newest published of `indexes`, which rise and are of entries about the alert `id`. Reads
/// a bundle and some tiles. Errors: no_input (none of them is published yet), data (it is not about
/// the alert), what reading brings.
[[nodiscard]] Result<EntryProof> prove_newest(const std::filesystem::path& folder,
                                              const std::vector<std::uint64_t>& indexes,
                                              const std::string& id);

/// The text of packaging/verify/kentongan-verify.py.
[[nodiscard]] std::string_view verifier_program();

}  // namespace kentongan::ledger
