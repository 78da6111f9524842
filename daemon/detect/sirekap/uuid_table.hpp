#pragma once
// What each UUID came with: a table of eight bytes an entry, for millions of random keys.
#include <cstdint>
#include <optional>
#include <vector>

namespace kentongan::sirekap {

/// Open addressing with linear probing; keys are random already. Two keys are taken for one when
/// they share 40 bits and their place in the table, some 60 bits in all: for six million keys that
/// happens once in 100,000 elections. When a table is three quarters full, another of twice its
/// size takes what comes then, up to kMost entries in all.
class UuidTable {
  public:
    static constexpr std::size_t kMost = 6'000'000;

    explicit UuidTable(std::size_t entries);

    /// Whether the key came with this value first, as far as 24 bits tell; nothing when it is new
    /// and the table is full.
    [[nodiscard]] std::optional<bool> is_as_at_first(std::uint64_t key, std::uint32_t value);
    [[nodiscard]] std::size_t size() const { return size_; }
    /// The key will be asked for soon: its place is on the way from memory.
    void expect(std::uint64_t key) const {
        const Table& newest = tables_.back();
        __builtin_prefetch(&newest.slots[place(newest, key)], 1);
    }

  private:
    /// A slot is 0, or 40 bits of its key and then 24 of its value, with one of those set.
    struct Table {
        std::vector<std::uint64_t> slots;  // a power of two
        std::size_t used = 0;
    };
    static std::size_t place(const Table& table, std::uint64_t key) {
        return static_cast<std::size_t>(key) & (table.slots.size() - 1);
    }
    /// The key's slot, or the empty one where it would be.
    static std::size_t find(const Table& table, std::uint64_t key);

    std::vector<Table> tables_;  // the newest last
    std::size_t size_ = 0;
};

}  // namespace kentongan::sirekap
