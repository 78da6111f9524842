#pragma once
// TileLog: writes the history's tiles and bundles so that a crash at any moment leaves a history
// that the last checkpoint covers.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "daemon/ledger/checkpoint.hpp"
#include "daemon/ledger/tiles.hpp"

namespace kentongan::ledger {

/// Entries from index `from` on, at most `limit`; fewer than there are only at the end.
using EntrySource =
    std::function<Result<std::vector<std::string>>(std::uint64_t from, std::size_t limit)>;

/// Under the history's folder: what each witness signed last, named by its key's id in hex.
inline constexpr const char* kCosignedFolder = "cosigned";

/// The order on disk: tiles and bundles, synced; then the checkpoint, synced, by a rename. What
/// lies beyond the checkpoint is a torn tail: it is written again from the store. Blocks; one
/// thread at a time.
class TileLog {
  public:
    /// Opens a folder, making it. Without a checkpoint it is empty. Errors (data): its right edge
    /// is damaged or does not give the checkpoint's root; mend() it.
    [[nodiscard]] static Result<TileLog> open(const std::filesystem::path& folder,
                                              const std::string& origin);
    /// Makes the files anew from the store's entries when these give the checkpoint's root; else
    /// nothing is written, and the error says that the store was altered.
    [[nodiscard]] static Result<TileLog> mend(const std::filesystem::path& folder,
                                              const std::string& origin, const EntrySource& source);

    /// Appended so far; more than published() until a checkpoint is.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// What the checkpoint on disk says.
    [[nodiscard]] std::uint64_t published() const { return published_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// Full tiles are written at once. After an error the log is to be opened again.
    [[nodiscard]] Result<> append(const std::vector<std::string>& entries);
    /// Makes all that was appended durable; the checkpoint that may now be signed.
    [[nodiscard]] Result<Checkpoint> flush();
    /// Puts a signed checkpoint, as flush() gave it, in place; durable when it returns.
    [[nodiscard]] Result<> publish(const std::string& note, std::uint64_t size);

  private:
    TileLog(std::filesystem::path folder, std::string origin)
        : folder_(std::move(folder)), origin_(std::move(origin)) {}
    [[nodiscard]] Result<> load(const Checkpoint& checkpoint);
    [[nodiscard]] Result<> add(std::string_view entry);
    [[nodiscard]] Result<> add_hash(unsigned level, const Hash& hash);
    [[nodiscard]] Result<> write(const TileName& name, std::string_view bytes);
    [[nodiscard]] Result<> sync();
    void forget_partials(const TileName& full);

    std::filesystem::path folder_;
    std::string origin_;
    std::uint64_t size_ = 0;
    std::uint64_t published_ = 0;
    std::string bundle_;                    // the right edge's entries
    std::vector<std::vector<Hash>> edges_;  // the right edge's hashes, by level
    std::vector<std::filesystem::path> unsynced_;
};

/// The checkpoint file of a history; nothing when there is none.
[[nodiscard]] Result<std::optional<SignedCheckpoint>> read_checkpoint(
    const std::filesystem::path& folder);

}  // namespace kentongan::ledger
