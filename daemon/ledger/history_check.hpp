#pragma once
// Checks a whole history: that the files, the database's entries and what others have signed are
// one history from the first entry on; and if not, which entry is the first bad one.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ledger/tile_log.hpp"

namespace kentongan::ledger {

struct Problem {
    std::string what;  ///< checkpoint, signature, entry, tile, database, alert, older, package …
    std::string text;
    std::optional<std::uint64_t> entry{};  ///< index
};

/// Problems in the order they were found; the first kMost are kept, all are counted.
class Problems {
  public:
    static constexpr std::size_t kMost = 100;
    void add(std::string what, std::string text, std::optional<std::uint64_t> entry = {});
    [[nodiscard]] const std::vector<Problem>& list() const { return list_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] std::optional<std::uint64_t> first_bad_entry() const { return first_bad_; }

  private:
    std::vector<Problem> list_;
    std::uint64_t count_ = 0;
    std::optional<std::uint64_t> first_bad_;
};

struct CheckOptions {
    std::filesystem::path folder;
    std::vector<VerifierKey> keys;  ///< of the log and of witnesses
    /// Signed checkpoints that are known to be genuine: of a witness, of a copy, of last week.
    std::vector<std::string> older{};
    /// The database's entries; without it the files alone are checked.
    EntrySource database{};
    /// Sees every entry, in order, once.
    std::function<void(std::uint64_t index, std::string_view entry)> see{};
    /// Every witness in `keys` must have signed within this time of the last entry; zero: no need.
    Duration cosigned_within = std::chrono::hours{1};
};

struct CheckResult {
    std::uint64_t entries = 0;      ///< in the checkpoint
    std::uint64_t unpublished = 0;  ///< in the database, after them
    std::string origin;
    std::string root;                    ///< base64
    std::vector<std::string> signed_by;  ///< names of keys whose signatures are good
    Problems problems;
};

/// An error is what kept us from checking (no such folder, a failing disk), never a finding.
[[nodiscard]] Result<CheckResult> check_history(const CheckOptions& options);

/// Who of `keys` has signed; a bad signature of a known key, a key out of its time, and no good
/// one of the log's are problems. `at`: the time of the history that the checkpoint is of.
[[nodiscard]] std::vector<std::string> check_signatures(const SignedCheckpoint& checkpoint,
                                                        const std::vector<VerifierKey>& keys,
                                                        std::optional<Timestamp> at,
                                                        Problems& problems);

/// The member "at" of an entry.
[[nodiscard]] std::optional<Timestamp> time_of_entry(std::string_view entry);

}  // namespace kentongan::ledger
