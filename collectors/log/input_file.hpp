#pragma once
// An open log file, plain or compressed.
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "collectors/log/decompressor.hpp"
#include "collectors/log/position.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::log {

/// What stat says. inode 0: nothing there.
struct FileFacts {
    std::uint64_t inode = 0;
    std::uint64_t size = 0;   ///< bytes
    Timestamp changed{};      ///< last change of the content
    Timestamp touched{};      ///< last change of anything about it
    std::uint64_t links = 1;  ///< names it has; 0: removed
};
[[nodiscard]] FileFacts facts_of(const std::filesystem::path& path);

class InputFile {
  public:
    /// Regular files; with `stream`, pipes and terminals as well, and "-" for standard input.
    [[nodiscard]] static Result<InputFile> open(const std::filesystem::path& path,
                                                bool stream = false);

    [[nodiscard]] FileFacts facts() const;
    /// When the file was made; the epoch where the file system does not say.
    [[nodiscard]] Timestamp born() const;
    [[nodiscard]] bool regular() const { return regular_; }
    /// Not null when it is compressed. Offsets are those of its content then, and reading goes
    /// from the content's start on.
    [[nodiscard]] const Decompressor* decoder() const { return decoder_.get(); }
    /// Bytes at `offset` (of a stream or a compressed file: the next ones); 0 at the end. Blocks
    /// on a stream. Error (data): compressed bytes that are damaged.
    [[nodiscard]] Result<std::size_t> read(std::span<char> out, std::uint64_t offset) const;
    /// The first bytes of the content, up to `count`.
    [[nodiscard]] std::string head(std::size_t count) const;
    /// Whether this is the file a position was taken in.
    [[nodiscard]] bool matches(const Position& position) const;
    /// Whether it begins as the file did that a position was taken in.
    [[nodiscard]] bool begins_as(const Position& position) const;
    /// Whether the bytes are there and have the digest. Reads up to the stretch's end when
    /// compressed.
    [[nodiscard]] bool holds(const Stretch& stretch) const;
    /// The content's bytes [begin, end); fewer at its end.
    [[nodiscard]] std::string bytes(std::uint64_t begin, std::uint64_t end) const;

  private:
    void detect_compression();

    FileDescriptor fd_;
    std::unique_ptr<std::string> name_;  // its address outlives a move
    std::optional<Compression> kind_;
    std::unique_ptr<Decompressor> decoder_;
    bool regular_ = true;
};

}  // namespace kentongan::log
