#pragma once
// Gathers what a package holds of alerts: the history's entries about them.
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/ledger/package.hpp"

namespace kentongan::ledger {

/// Of one object, at most so many entries: the first half and the newest half are kept.
inline constexpr std::size_t kMostEntriesEach = 1000;

/// What a package takes out of the history.
struct GatheredEntries {
    /// By "alert:ID" and "case:ID".
    std::map<std::string, std::vector<IndexedEntry>> about;
    /// What each source did, and how good the clock was, in the minutes that were asked for and in
    /// those in which the history was told of the alerts.
    std::vector<IndexedEntry> coverage;
};
/// The published ones about each of `objects` ("alert:ID", "case:ID"), and the coverage of `times`.
/// Reads every bundle once, and looks closer only where an id stands; blocks for seconds in a long
/// history.
[[nodiscard]] Result<GatheredEntries> gather_entries(const std::filesystem::path& folder,
                                                     const std::vector<std::string>& objects,
                                                     std::vector<Timestamp> times = {});

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
