#pragma once
// SHA-256 of what was read of a file, stretch by stretch, to see later that it is still so.
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "daemon/base/digest.hpp"

namespace kentongan::log {

/// Bytes [begin, end) of a file had this digest when they were read.
struct Stretch {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    Sha256Digest digest{};
    bool operator==(const Stretch&) const = default;
};

/// Keeps a digest per MiB of the newest GiB, and of the MiB at the end those at its last 64 reads:
/// a copy that was made a moment before can be judged by what it holds. Pure; no file.
class ReadTrail {
  public:
    static constexpr std::uint64_t kChunk = std::uint64_t{1} << 20;
    static constexpr std::size_t kChunks = 1024;
    static constexpr std::size_t kMarks = 64;

    /// Forgets all and goes on at `offset`; `known` is a stretch before it, from a bookmark.
    void restart(std::uint64_t offset, std::optional<Stretch> known = std::nullopt);
    /// The next bytes that were read, those at end().
    void add(std::span<const char> bytes);

    [[nodiscard]] std::uint64_t end() const { return end_; }
    /// The stretch that ends last.
    [[nodiscard]] std::optional<Stretch> newest() const { return newest_within(end_); }
    /// The last stretch that a file of `size` bytes holds whole.
    [[nodiscard]] std::optional<Stretch> newest_within(std::uint64_t size) const;
    /// Stretches that together are all that is known, one after the other and over again.
    [[nodiscard]] std::optional<Stretch> next_to_check();
    [[nodiscard]] std::size_t stretches() const { return chunks_.size() + !marks_.empty(); }
    /// Takes what is there now for what was read, so that a change is told once.
    void accept(const Stretch& now);

  private:
    void complete();

    std::vector<Stretch> chunks_;
    std::deque<Stretch> marks_;  // of the unfinished chunk
    Sha256 hash_;
    std::uint64_t begin_ = 0;  // of the unfinished chunk
    std::uint64_t end_ = 0;
    std::size_t check_ = 0;
};

}  // namespace kentongan::log
