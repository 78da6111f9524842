#pragma once
// VersionStore: the versions of published files on disk, under a quota, so that what was published
// can be shown later: by hash, compressed, with an index that says of which file and when.
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::sirekap {

struct KeptVersion {
    std::string node;
    std::string sha256;
    std::string ts;             ///< as the file says
    std::string etag;           ///< of the answer, for the next request
    std::string last_modified;  ///< the same
    std::uint64_t bytes = 0;    ///< on disk
};

/// `<folder>/ab/abcd….json.zst` and `<folder>/index.tsv`, a line a version. When the quota is
/// reached, the oldest versions that were replaced go, then the oldest ones of all. Small blocking
/// writes, as a log collector's reads are. One thread; one process.
class VersionStore {
  public:
    /// Makes the folder; takes up what is in it.
    [[nodiscard]] static Result<VersionStore> open(const std::filesystem::path& folder,
                                                   std::uint64_t quota_bytes);

    /// The newest version of a file, if one is kept.
    [[nodiscard]] const KeptVersion* newest(const std::string& node) const;
    /// Of every file, in order of code.
    [[nodiscard]] std::vector<KeptVersion> all_newest() const;
    /// Its content. An error when it is damaged or gone.
    [[nodiscard]] Result<std::string> read(const std::string& sha256) const;
    /// `bytes` and `sha256` of the version are filled in. An error leaves what was kept before.
    [[nodiscard]] Result<> keep(KeptVersion version, std::string_view body);

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    VersionStore(std::filesystem::path folder, std::uint64_t quota);
    [[nodiscard]] Result<> load();
    void take(KeptVersion version);
    void make_room();
    void drop(const KeptVersion& version);
    [[nodiscard]] std::filesystem::path path_of(const std::string& sha256) const;
    [[nodiscard]] Result<> append(const KeptVersion& version);

    std::filesystem::path folder_;
    std::uint64_t quota_;
    std::uint64_t bytes_ = 0;
    std::uint64_t dropped_ = 0;
    std::map<std::string, std::uint32_t> uses_;  // of a content, by hash
    std::map<std::string, KeptVersion> newest_;  // by node
    std::deque<KeptVersion> replaced_;           // oldest first
};

}  // namespace kentongan::sirekap
