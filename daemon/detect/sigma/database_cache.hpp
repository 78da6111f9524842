#pragma once
// Compiled pattern databases, shared in memory and kept on disk by what they were compiled from.
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <unordered_map>

#include "daemon/base/error.hpp"
#include "daemon/detect/sigma/text_index.hpp"

namespace kentongan::sigma {

/// Thread-safe. Each database is a file of its own, named by the SHA-256 of its patterns, of the
/// scanner's version and processor, and of our format, so that a changed rule costs the databases
/// it is in and nothing else. Only those that took long to compile are kept.
///
/// A file is read only when it is ours alone to write: a regular file of this user in a folder of
/// this user, neither writable for others. Its checksum tells damage. What is foreign, damaged or
/// from another version is passed over and written anew (a temporary file, then rename; 0600);
/// failing to write costs the next start some time and is nothing else. Once a run, before the
/// first is written, the files that were used least lately go, down to kMaximumFiles.
class DatabaseCache final : public DatabaseSource {
  public:
    /// Empty: memory only. The folder is made when there is something to keep.
    explicit DatabaseCache(std::filesystem::path folder = {});

    [[nodiscard]] std::shared_ptr<const ScanDatabase> database_of(
        const std::vector<ScanPattern>& patterns) override;

    struct Counts {
        std::uint64_t compiled = 0;
        std::uint64_t read = 0;     ///< from disk
        std::uint64_t written = 0;  ///< to disk
    };
    [[nodiscard]] Counts counts() const;

    static constexpr std::size_t kMaximumFiles = 4096;

  private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
    [[nodiscard]] std::shared_ptr<const ScanDatabase> read(const std::string& key);
    [[nodiscard]] std::shared_ptr<const ScanDatabase> compile(
        const std::string& key, const std::vector<ScanPattern>& patterns);
    void write(const std::string& key, const ScanDatabase& database);
    [[nodiscard]] bool make_folder();

    const std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::weak_ptr<const ScanDatabase>> known_;
    Counts counts_;
    std::once_flag tidied_;
};

}  // namespace kentongan::sigma
