#pragma once
// Evidence packages: alerts with what proves them, in one archive that verifies offline. See
// README.md for what lies where in it.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/archive.hpp"
#include "daemon/ledger/entry.hpp"
#include "daemon/ledger/history_check.hpp"

namespace kentongan::ledger {

/// An entry with its index.
struct IndexedEntry {
    std::uint64_t index = 0;
    std::string entry;
};

struct PackagedAlert {
    std::string id{};
    std::string json{};  ///< byte for byte as stored
    std::vector<std::string> salts{};
    std::vector<IndexedEntry> entries{};  ///< all that speak of it, in order
    /// What else is known of it, in its folder: rule.txt, packets.pcapng, evidence/NNN.raw (the
    /// record of its NNNth piece of evidence), files/SHA256, and contents.json, which says of each
    /// what it is, or why it is not there.
    ArchiveFiles files{};
    /// For the cover: what, and how much of it is here.
    std::vector<std::pair<std::string, std::string>> remarks{};
};

struct PackageRequest {
    std::string case_id{};  ///< empty: none
    std::string who{};      ///< exports it
    std::string why{};
    std::string to{};  ///< whom it is for
    std::string tool{};
    Timestamp at{};
    ClockState clock{};
    std::vector<PackagedAlert> alerts{};
    std::vector<IndexedEntry> case_entries{};  ///< about the case
    std::vector<IndexedEntry> coverage{};      ///< of the alerts' minutes
    std::vector<VerifierKey> keys{};           ///< of the log and its witnesses, to look at
    std::string verifier{};                    ///< the text of kentongan-verify.py
};

/// `folder`: the history's. `key` signs the manifest under the history's origin; without one the
/// package says that it is not signed, and does not verify. Errors (data): an entry that the
/// checkpoint does not cover yet.
[[nodiscard]] Result<std::string> make_package(const PackageRequest& request,
                                               const std::filesystem::path& folder,
                                               const SigningKey* key);

struct PackageCheck {
    std::string origin;
    std::uint64_t size = 0;  ///< of the history, at its checkpoint
    std::vector<std::string> alerts;
    std::size_t files = 0;
    Problems problems;
};
/// Never fails: what cannot be read is a problem.
[[nodiscard]] PackageCheck check_package(std::string_view archive,
                                         const std::vector<VerifierKey>& keys);

/// The digests that an entry gives of alerts, by id.
[[nodiscard]] std::map<std::string, std::string> digests_in(std::string_view entry);
/// What an entry speaks of: "alert:ID", "case:ID" and so on.
[[nodiscard]] std::vector<std::string> objects_in(std::string_view entry);
/// The ids of alerts that an entry speaks of.
[[nodiscard]] std::vector<std::string> alerts_in(std::string_view entry);

}  // namespace kentongan::ledger
