#pragma once
// Owned file descriptors and whole-file reading with a cap.
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/error.hpp"

namespace kentongan {

/// Closes on destruction. Move only.
class FileDescriptor {
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor();

    [[nodiscard]] int value() const { return fd_; }
    [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  private:
    int fd_ = -1;
};

/// The content of a regular file; an error when it is larger than `cap` bytes.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t cap = std::size_t{64} << 20);

/// Replaces `path` by `content` so that a reader sees the old or the new file, never a part: a
/// temporary file beside it, fsync, rename. Mode 0600.
[[nodiscard]] Result<> replace_file(const std::filesystem::path& path, std::string_view content);

/// Writes into `path` as it is (a file, a pipe, a terminal), making a file when there is none.
[[nodiscard]] Result<> write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace kentongan
