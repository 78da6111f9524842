#pragma once
// One direction of a TCP stream put back in order: what arrives early waits, what arrives twice is
// taken as it came first.
#include <cstdint>
#include <map>
#include <string>

#include "daemon/base/bytes.hpp"

namespace kentongan::packet {

/// Pure. Holds at most kMaximumBytes in kMaximumSegments; segments more than kWindow from what is
/// expected are out of any receiver's window and ignored.
class Reassembler {
  public:
    static constexpr std::size_t kMaximumBytes = 256 * 1024;
    static constexpr std::size_t kMaximumSegments = 512;
    static constexpr std::int64_t kWindow = 1 << 20;

    /// `sequence`: number of the stream's first byte.
    explicit Reassembler(std::uint32_t sequence) : first_(sequence) {}

    /// Takes the bytes of a segment that are not known yet; false when there is no room for them.
    [[nodiscard]] bool add(std::uint32_t sequence, Bytes data);
    /// Whether a segment can be delivered at once; if so it is counted as delivered.
    [[nodiscard]] bool take_directly(std::uint32_t sequence, Bytes data);
    /// The next bytes in order, removed; empty when there are none.
    [[nodiscard]] std::string take();

    /// Sequence number after the last byte delivered.
    [[nodiscard]] std::uint32_t next() const {
        return first_ + static_cast<std::uint32_t>(delivered_);
    }
    [[nodiscard]] bool has_gap() const {
        return !waiting_.empty() && waiting_.begin()->first != delivered_;
    }
    /// Memory taken by what waits, and the stream bytes in it.
    [[nodiscard]] std::size_t held_bytes() const { return held_; }
    [[nodiscard]] std::size_t waiting_bytes() const { return held_ - waiting_.size() * kOverhead; }

  private:
    /// A cost for each segment, so that many tiny ones count as what they take.
    static constexpr std::size_t kOverhead = 96;

    std::uint32_t first_;
    std::int64_t delivered_ = 0;                   // offset of next() in the stream
    std::map<std::int64_t, std::string> waiting_;  // by offset; never overlapping
    std::size_t held_ = 0;
};

}  // namespace kentongan::packet
