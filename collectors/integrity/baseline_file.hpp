#pragma once
// BaselineFile: the baseline on disk. Blocking; used by one thread at a time.
//
// Order of writing, so that a crash repeats events and never loses them: a scan's changes are
// appended and synced first, then their events are emitted, then their generation goes into the
// bookmark that the store commits together with the alerts. After a crash the deltas beyond the
// bookmark are emitted again, with the same times and positions, hence the same alert ids.
#include <filesystem>
#include <optional>

#include "collectors/integrity/baseline.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::integrity {

/// What a bookmark says: {"baseline":"<id in hex>","generation":7}.
struct Progress {
    std::uint64_t id = 0;
    std::uint64_t generation = 0;
};
[[nodiscard]] std::string to_json(const Progress& progress);
[[nodiscard]] std::optional<Progress> parse_progress(std::string_view state);

/// What a start finds.
struct Opened {
    std::optional<Baseline> state;  ///< as of the bookmark; nothing: the first scan makes it
    std::vector<Delta> pending;     ///< whose events are to be emitted (again), oldest first
};

class BaselineFile {
  public:
    explicit BaselineFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// Reads the file. A missing file that no bookmark knows, or an empty one, asks for a new
    /// baseline; a damaged, exchanged or vanished one is an error of code data.
    [[nodiscard]] Result<Opened> open(std::string_view root, std::optional<Progress> bookmark);

    /// Replaces the file by a snapshot: temporary file, fsync, rename, fsync of the folder.
    [[nodiscard]] Result<> write(const Baseline& state);
    /// Adds the changes of one scan durably. After a failure only write() helps.
    [[nodiscard]] Result<> append(const Delta& delta);

    /// The deltas take more room than the snapshot (and more than 1 MiB), or an append failed.
    [[nodiscard]] bool wants_rewrite() const;

  private:
    [[nodiscard]] std::unexpected<Error> refuse(std::string_view why) const;
    [[nodiscard]] Result<> append_to(const FileDescriptor& file, const Delta& delta);

    std::filesystem::path path_;
    std::size_t snapshot_bytes_ = 0;
    std::size_t bytes_ = 0;
    Sha256Digest seal_{};
    bool broken_ = false;
};

}  // namespace kentongan::integrity
