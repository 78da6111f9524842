#pragma once
// PhotoFolder: where photographs are kept, within a quota, and where those are put that a rule
// found something in.
#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/report/report.hpp"
#include "daemon/base/error.hpp"

namespace kentongan::report {

/// What became of the photographs of one report.
struct KeptPhotos {
    std::vector<StoredPhoto> photos;
    std::vector<std::string_view>
        refused;  ///< why, one each: a PhotoFault's name, quota or storage
};

/// Blocking. Thread-safe.
class PhotoFolder {
  public:
    /// Makes the folders (0700) and adds up what is in them.
    [[nodiscard]] Result<> open(const std::filesystem::path& folder, std::uint64_t quota);

    /// Cleans each photograph and writes it as TICKET-N.jpg or .png, mode 0600, synced.
    [[nodiscard]] KeptPhotos keep(const std::string& ticket,
                                  const std::vector<std::string_view>& photos);
    /// Moves a photograph out of the way; it can be read by nobody until its mode is changed.
    [[nodiscard]] Result<> quarantine(const std::string& name);

    [[nodiscard]] std::filesystem::path path_of(const std::string& name) const {
        return folder_ / name;
    }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(); }

  private:
    [[nodiscard]] bool reserve(std::uint64_t bytes);

    std::filesystem::path folder_;
    std::filesystem::path quarantine_;
    std::uint64_t quota_ = 0;
    std::atomic<std::uint64_t> bytes_{0};
};

}  // namespace kentongan::report
