#pragma once
// One direction of a TCP stream put back in order: what arrives early waits, what arrives twice is
// taken as it came first.
#include <array>
#include <cstdint>
#include <map>
#include <optional>
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

    /// Bytes that wait, and what their sender had received of the other side when it sent them.
    struct Piece {
        std::string bytes;
        std::optional<std::uint32_t> acknowledges;
    };
    struct Added {
        bool room = true;          ///< false: its last bytes found no room and were left out
        std::size_t left_out = 0;  ///< how many
        bool conflict = false;     ///< other bytes were seen before in their place
    };

    /// `sequence`: number of the stream's first byte.
    explicit Reassembler(std::uint32_t sequence) : first_(sequence) {}

    /// Whether a segment is what comes next and nothing waits: it need not be copied.
    [[nodiscard]] bool is_next(std::uint32_t sequence) const {
        return sequence == next() && waiting_.empty();
    }
    /// Counts bytes for which is_next() was true as delivered.
    void pass(Bytes data);
    /// Takes the bytes of a segment that are not known yet.
    [[nodiscard]] Added add(std::uint32_t sequence, Bytes data,
                            std::optional<std::uint32_t> acknowledges = std::nullopt);
    /// The piece that comes next, while it waits; null when there is none.
    [[nodiscard]] const Piece* head() const;
    /// Removes head(), which must be there.
    [[nodiscard]] Piece take();
    /// Gives up the bytes missing before what waits, or up to `sequence` where nothing does or the
    /// hole goes further; how many.
    std::uint64_t skip_hole();
    std::uint64_t skip_to(std::uint32_t sequence);

    /// Sequence number after the last byte delivered.
    [[nodiscard]] std::uint32_t next() const {
        return first_ + static_cast<std::uint32_t>(delivered_);
    }
    [[nodiscard]] bool has_gap() const { return !waiting_.empty() && head() == nullptr; }
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    /// Memory taken by what waits, and the stream bytes in it.
    [[nodiscard]] std::size_t held_bytes() const { return held_; }
    [[nodiscard]] std::size_t waiting_bytes() const { return held_ - waiting_.size() * kOverhead; }

  private:
    /// A cost for each segment, so that many tiny ones count as what they take.
    static constexpr std::size_t kOverhead = 128;
    /// What was delivered lately, to tell a retransmission from a forgery.
    struct Mark {
        std::int64_t at = 0;
        std::uint32_t size = 0;
        std::uint64_t hash = 0;
    };

    void remember(std::int64_t at, Bytes data);
    [[nodiscard]] bool contradicts(std::int64_t at, Bytes data) const;
    [[nodiscard]] bool contradicts_waiting(std::int64_t at, Bytes data) const;

    std::uint32_t first_;
    std::uint32_t latest_ = 0;               // in marks_
    std::int64_t delivered_ = 0;             // offset of next() in the stream
    std::map<std::int64_t, Piece> waiting_;  // by offset; never overlapping
    std::array<Mark, 8> marks_{};
    std::size_t held_ = 0;
};

}  // namespace kentongan::packet
