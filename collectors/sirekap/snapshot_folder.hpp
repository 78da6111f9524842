#pragma once
// Saved snapshots of what was published: which files a folder holds, of which race and area, and in
// which order of time they tell it.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "collectors/sirekap/published_event.hpp"

namespace kentongan::sirekap {

/// A saved file, or a line of a .jsonl file of {"kode":…,"body":…}.
struct SavedFile {
    PublishedFile file;
    std::filesystem::path path;
    std::size_t line = 0;  ///< of a .jsonl, from 1; 0: the whole file
};

/// What a name says: "pkwkp_31_3171.json", "hhcw_ppwp_nasional.json", "pkwkp/31/3171.json",
/// "3173011006272.json". Nothing for what is no result: wilayah_…, paslon_…, other names.
/// The race may be empty: then images say it.
[[nodiscard]] std::optional<PublishedFile> parse_saved_name(const std::filesystem::path& relative);

/// One thing to be told, in order.
struct SavedMoment {
    Timestamp time{};
    Told told = Told::published;
    std::size_t file = 0;  ///< index into SnapshotFolder::files
};

/// A folder with folders in it that hold the same files is a series of snapshots in order of name;
/// else it is one snapshot. A version's time is its own `ts`; a file that did not change is
/// confirmed at the time of its snapshot, which is that of the newest file in it.
struct SnapshotFolder {
    static constexpr std::size_t kMaximumFiles = 1'000'000;

    std::vector<SavedFile> files;
    std::vector<SavedMoment> moments;
    std::uint64_t skipped = 0;          ///< files that are no results
    std::vector<std::string> problems;  ///< files that could not be read, at most 100

    /// Reads every file once. An error when the folder cannot be read.
    [[nodiscard]] static Result<SnapshotFolder> read(const std::filesystem::path& folder);
};

/// Reads the files' content, one after another; the lines of a .jsonl file are found once.
class SavedReader {
  public:
    [[nodiscard]] Result<std::string> read(const SavedFile& saved);

  private:
    std::filesystem::path path_;
    std::string text_;
    std::vector<std::size_t> lines_;  // where each begins
};

}  // namespace kentongan::sirekap
