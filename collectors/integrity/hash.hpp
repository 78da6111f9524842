#pragma once
// Hashing the content of the files that a walk found. Blocking; several threads may share one
// HashQueue, each with a FileHasher of its own.
#include <atomic>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "collectors/integrity/walk.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::integrity {

/// Reads whole files in pieces of 256 KiB.
class FileHasher {
  public:
    FileHasher(const Tree& tree, const std::atomic<bool>& stop);

    /// Fills in the SHA-256 of the content, and the attributes as they were before it was read.
    /// 0, or the errno that kept it from being read (ECANCELED after a stop).
    [[nodiscard]] int hash(const std::string& path, Entry& entry);
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    [[nodiscard]] int enter(std::string_view folder);
    [[nodiscard]] int digest(int file, std::uint64_t size, Sha256Digest& out);

    const Tree& tree_;
    const std::atomic<bool>& stop_;
    std::vector<std::uint8_t> buffer_;
    Sha256 sha256_;
    std::string folder_path_;
    FileDescriptor folder_;  // of the file before: neighbours are hashed in a row
    std::uint64_t bytes_ = 0;
};

/// The files of a listing that need a hash, handed out in runs of neighbours.
class HashQueue {
  public:
    /// `now`: a file changed less than two seconds before may change again unseen within the same
    /// tick of its time stamp, so the next scan reads it again.
    HashQueue(const Tree& tree, std::span<Found> files, Timestamp now);

    /// Works until the queue is empty; one call for each thread.
    void work(const std::atomic<bool>& stop);

    [[nodiscard]] const Troubles& troubles() const { return troubles_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  private:
    /// Empty, or why the file could not be hashed.
    [[nodiscard]] std::string_view hash(FileHasher& hasher, Found& file) const;

    const Tree& tree_;
    Timestamp now_;
    std::vector<Found*> files_;
    std::atomic<std::size_t> next_ = 0;
    std::mutex mutex_;
    Troubles troubles_;
    std::uint64_t bytes_ = 0;
};

}  // namespace kentongan::integrity
