#pragma once
// The ring on disk: segments of recorded packets, each with its index beside it, under a quota.
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "collectors/packet/ring/packet_index.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/file.hpp"

struct ZSTD_CCtx_s;

namespace kentongan::packet::ring {

/// A segment `NAME.TIME.pcapng.zst` is a row of zstd frames, each a pcapng section of its own, so
/// that `zstdcat` gives what any tool reads; `NAME.TIME.index` has a BlockEntry for each frame.
/// Blocking; one thread at a time. Files are of mode 0600.
class SegmentWriter {
  public:
    struct Options {
        std::filesystem::path folder;  ///< made when it is not there
        std::string name;              ///< of the source; other characters than A-Z a-z 0-9 - are _
        std::uint64_t quota_bytes = 0;  ///< of all segments of this name with their indexes
    };

    explicit SegmentWriter(Options options);
    ~SegmentWriter();

    /// Appends packets, as append_section() and append_packet() wrote them, as one block; makes
    /// room by removing the oldest segments. After a failure nothing of the block is there.
    [[nodiscard]] Result<> write(std::string_view sections);

    /// Of all segments.
    [[nodiscard]] std::uint64_t bytes() const { return total_; }

  private:
    struct FreeContext {
        void operator()(ZSTD_CCtx_s* context) const;
    };

    [[nodiscard]] Result<> find_segments();
    [[nodiscard]] Result<> begin_segment(Timestamp first);
    [[nodiscard]] Result<> append(const std::string& frame, BlockEntry entry);
    [[nodiscard]] BlockEntry index(std::string_view sections);
    void make_room();
    void close();

    const Options options_;
    std::unique_ptr<ZSTD_CCtx_s, FreeContext> context_;
    std::string frame_;
    BlockIndexer indexer_;
    bool found_ = false;
    std::map<std::string, std::uint64_t> segments_;  // bytes by name without ending, oldest first
    std::uint64_t total_ = 0;
    std::string open_;  // the segment being written; empty: none
    FileDescriptor data_;
    FileDescriptor index_;
    std::uint64_t data_bytes_ = 0;
    std::uint64_t index_bytes_ = 0;
};

inline constexpr std::string_view kDataEnding = ".pcapng.zst";
inline constexpr std::string_view kIndexEnding = ".index";

}  // namespace kentongan::packet::ring
