#pragma once
// The other files of a log's rotation, in its folder: which one is which.
#include <filesystem>
#include <string>

#include "collectors/log/input_file.hpp"
#include "collectors/log/read_trail.hpp"

namespace kentongan::log {

/// What a rotation put into a name: "1" of log.1 and log.1.gz, "20241127" of log-20241127 and of
/// log.20241127.log. Empty when `name` is not `base` rotated.
[[nodiscard]] std::string rotation_mark(std::string_view base, std::string_view name);

/// Whether `path` is surely `base` rotated: app.log.1 and app.log.2.gz are app.log. Of marks in the
/// middle only dates count, for app-1.log may be another program's log.
[[nodiscard]] bool is_rotation_of(const std::filesystem::path& base,
                                  const std::filesystem::path& path);

/// The file a position was taken in: the one at `path` or, renamed by a rotation, another in its
/// folder; last, the compressed file that begins as it did.
[[nodiscard]] Result<InputFile> find_file(const std::filesystem::path& path,
                                          const Position& position);

/// The file that was written after the one of `position`: the rotated file next to it
/// (log.2 -> log.1, log-20241126 -> log-20241127), else the one at `path`. An error when there is
/// none or a rotation is under way; try again.
[[nodiscard]] Result<InputFile> open_successor(const std::filesystem::path& path,
                                               const Position& position);

/// Whether a rotated file is newer than the one with `inode`: nobody writes to that any more.
[[nodiscard]] bool is_superseded(const std::filesystem::path& path, std::uint64_t inode);

/// The copy of a file that was truncated or removed: a rotated file, compressed or not, that
/// begins as the file of `position` did and holds the newest stretch of `trail` that fits into it
/// (without a trail: of `position`). Reads 16 MiB of a compressed file at most.
[[nodiscard]] Result<InputFile> find_copy(const std::filesystem::path& path,
                                          const Position& position, const ReadTrail* trail);

}  // namespace kentongan::log
