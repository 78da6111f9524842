#pragma once
// Files kept on disk by their SHA-256, under a quota.
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/error.hpp"

namespace kentongan::packet {

/// The file with the digest abcd… is `folder/ab/abcd…`, of mode 0600 and never executable. The one
/// that was written the longest ago goes first. Blocking; one thread at a time.
class FileArchive {
  public:
    struct Options {
        std::filesystem::path folder;  ///< made when it is not there; nobody else writes to it
        std::uint64_t quota_bytes = 0;
    };

    explicit FileArchive(Options options) : options_(std::move(options)) {}

    enum class Kept : std::uint8_t {
        stored,     ///< now
        known,      ///< before
        too_large,  ///< for the quota
    };
    /// Errors: a `sha256` that is no digest in lower-case hexadecimal; the folder cannot be read or
    /// written, and then nothing of the file is there.
    [[nodiscard]] Result<Kept> put(std::string_view sha256, std::string_view content);

    [[nodiscard]] std::uint64_t bytes() const { return total_; }
    [[nodiscard]] std::size_t files() const { return files_.size(); }

  private:
    struct Kind {
        std::uint64_t bytes = 0;
        std::uint64_t age = 0;  // a smaller one is older
    };

    [[nodiscard]] Result<> find_files();
    void note(std::string sha256, std::uint64_t bytes);
    [[nodiscard]] Result<> make_room(std::uint64_t bytes);
    [[nodiscard]] std::filesystem::path path_of(std::string_view sha256) const;

    const Options options_;
    bool found_ = false;
    std::map<std::string, Kind, std::less<>> files_;
    std::map<std::uint64_t, std::string> ages_;
    std::uint64_t next_age_ = 0;
    std::uint64_t total_ = 0;
};

/// The file with that digest in an archive's folder. Errors: no_input (it is not kept there), data
/// (what is there is another), unavailable (it is larger than `cap` bytes).
[[nodiscard]] Result<std::string> kept_file(const std::filesystem::path& folder,
                                            std::string_view sha256, std::size_t cap);

}  // namespace kentongan::packet
