#pragma once
// What each UUID came with: a table of one place in memory an entry, for millions of random keys.
#include <cstdint>
#include <optional>
#include <vector>

namespace kentongan::sirekap {

/// Open addressing with linear probing; keys are random already. Grows by doubling up to kMost
/// entries. 16 bytes a slot, three quarters of them used at most.
class UuidTable {
  public:
    static constexpr std::size_t kMost = 6'000'000;

    explicit UuidTable(std::size_t entries);

    /// The value the key came with first; nothing when the table is full and does not have it.
    [[nodiscard]] std::optional<std::uint32_t> first_of(std::uint64_t key, std::uint32_t value);
    [[nodiscard]] std::size_t size() const { return size_; }
    /// The key will be asked for soon: its place is on the way from memory.
    void expect(std::uint64_t key) const {
        __builtin_prefetch(&slots_[static_cast<std::size_t>(key) & (slots_.size() - 1)], 1);
    }

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t value = 0;
        bool used = false;
    };
    [[nodiscard]] Slot& slot_of(std::uint64_t key);
    void grow();

    std::vector<Slot> slots_;  // a power of two
    std::size_t size_ = 0;
};

}  // namespace kentongan::sirekap
