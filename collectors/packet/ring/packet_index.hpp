#pragma once
// What a block of recorded packets holds, so that a search reads few of them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/packet/decode.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::packet::ring {

/// An address, or two that talk to each other in either direction, in 32 bits: others may have the
/// same.
[[nodiscard]] std::uint32_t key_of(const IpAddress& one);
[[nodiscard]] std::uint32_t key_of(const IpAddress& one, const IpAddress& other);

/// One zstd frame of a segment file.
struct BlockEntry {
    static constexpr std::size_t kMostKeys = 16'384;

    std::uint64_t offset = 0;  ///< of its frame in the segment
    std::uint32_t bytes = 0;   ///< of its frame
    std::uint32_t raw_bytes = 0;
    std::uint32_t packets = 0;
    Timestamp first{};  ///< times of its packets; they need not be in order
    Timestamp last{};
    bool all_keys = false;            ///< there were too many: any key may be in it
    std::vector<std::uint32_t> keys;  ///< sorted, each once

    [[nodiscard]] bool may_hold(std::uint32_t key) const;
};

/// Collects the entry of one block after the other. Memory stays; single-threaded.
class BlockIndexer {
  public:
    void add(const Decoded& packet, Timestamp time);
    /// The entry of what was added since the last call; where it is stored is not set.
    [[nodiscard]] BlockEntry take();

  private:
    BlockEntry entry_;
};

void append_entry(std::string& out, const BlockEntry& entry);
/// Takes one off the front; nothing, and `in` unchanged, when it is cut or damaged.
[[nodiscard]] std::optional<BlockEntry> take_entry(std::string_view& in);

}  // namespace kentongan::packet::ring
