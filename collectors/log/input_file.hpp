#pragma once
// An open log file, and the other files of its rotation.
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "collectors/log/position.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::log {

/// What stat says. inode 0: nothing there.
struct FileFacts {
    std::uint64_t inode = 0;
    std::uint64_t size = 0;  ///< bytes
    Timestamp changed{};     ///< last change of the content
};
[[nodiscard]] FileFacts facts_of(const std::filesystem::path& path);

class InputFile {
  public:
    /// Regular files; with `stream`, pipes and terminals as well, and "-" for standard input.
    [[nodiscard]] static Result<InputFile> open(const std::filesystem::path& path,
                                                bool stream = false);

    [[nodiscard]] FileFacts facts() const;
    [[nodiscard]] bool regular() const { return regular_; }
    /// Bytes at `offset` (of a stream: the next ones); 0 at the end. Blocks on a stream.
    [[nodiscard]] Result<std::size_t> read(std::span<char> out, std::uint64_t offset) const;
    /// The first bytes, up to `count`.
    [[nodiscard]] std::string head(std::size_t count) const;
    /// Whether this is the file a position was taken in.
    [[nodiscard]] bool matches(const Position& position) const;

  private:
    FileDescriptor fd_;
    std::string name_;
    bool regular_ = true;
};

/// The file a position was taken in: the one at `path` or, renamed by a rotation, another in its
/// folder.
[[nodiscard]] Result<InputFile> find_file(const std::filesystem::path& path,
                                          const Position& position);

/// The file that was written after the one with `inode`: the rotated file next to it
/// (log.2 -> log.1, log-20241126 -> log-20241127), else the one at `path`. An error when there is
/// none or a rotation is under way; try again.
[[nodiscard]] Result<InputFile> open_successor(const std::filesystem::path& path,
                                               std::uint64_t inode);

}  // namespace kentongan::log
