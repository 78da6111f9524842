#pragma once
// The groups of one correlation: found by hash, in one order from which the first makes room.
#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/detect/sigma/block_pool.hpp"

namespace kentongan::sigma {

/// What is kept of a group besides its block: 72 bytes. Times are nanoseconds since 1970.
struct Group {
    std::uint64_t key = 0;       ///< hash of the group's values
    std::int64_t newest = 0;     ///< the latest hit
    std::int64_t opened = 0;     ///< the first hit of the window
    std::int64_t touched = 0;    ///< event time the strand had reached: see Windows::reach()
    std::uint64_t evidence = 0;  ///< newest entry in the EvidenceRing
    std::uint32_t before = 0;    ///< links of the order
    std::uint32_t after = 0;
    std::uint32_t total = 0;    ///< hits of the window, or since it began to fire
    std::uint32_t pending = 0;  ///< while firing: 1 + place among what is to be told
    std::uint32_t size = 0;     ///< entries in the block
    BlockPool::Block block;
    bool firing = false;
    bool used = false;
};
static_assert(sizeof(Group) <= 72);

/// Slots are reused; a slot is meant with the key it had. Not thread-safe.
class GroupTable {
  public:
    static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

    GroupTable() : slots_(kFirstSlots, kNone) {}

    [[nodiscard]] std::uint32_t find(std::uint64_t key) const;
    /// Makes a group, last in the order. It must not exist.
    std::uint32_t insert(std::uint64_t key);
    /// The caller has released its block.
    void erase(std::uint32_t group);
    void move_to_back(std::uint32_t group);

    [[nodiscard]] Group& operator[](std::uint32_t group) { return groups_[group]; }
    /// The first in the order, or kNone.
    [[nodiscard]] std::uint32_t front() const { return front_; }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Bytes, blocks not counted.
    [[nodiscard]] std::size_t memory() const {
        return groups_.capacity() * sizeof(Group) + (slots_.capacity() + free_.capacity()) * 4;
    }

  private:
    static constexpr std::size_t kFirstSlots = 64;

    [[nodiscard]] std::size_t home(std::uint64_t key) const { return key & (slots_.size() - 1); }
    [[nodiscard]] std::size_t place_of(std::uint64_t key) const;
    void grow();
    void close_gap(std::size_t gap);
    void link_back(std::uint32_t group);
    void unlink(std::uint32_t group);

    std::vector<Group> groups_;
    std::vector<std::uint32_t> free_;
    std::vector<std::uint32_t> slots_;  // open addressing, linear, a power of two
    std::size_t size_ = 0;
    std::uint32_t front_ = kNone;
    std::uint32_t back_ = kNone;
};

}  // namespace kentongan::sigma
