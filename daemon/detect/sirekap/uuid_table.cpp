#include "daemon/detect/sirekap/uuid_table.hpp"

#include <algorithm>
#include <bit>

namespace kentongan::sirekap {

namespace {

constexpr std::size_t kLeastSlots = 1024;
constexpr std::uint64_t kValueBits = 0xFF'FFFF;

std::uint64_t slot_for(std::uint64_t key, std::uint32_t value) {
    const std::uint64_t kept = value & kValueBits;
    return (key & ~kValueBits) | (kept == 0 ? kValueBits : kept);
}

}  // namespace

UuidTable::UuidTable(std::size_t entries) {
    const std::size_t slots =
        std::bit_ceil(std::max(std::min(entries, kMost) * 4 / 3, kLeastSlots));
    tables_.push_back({std::vector<std::uint64_t>(slots), 0});
}

std::size_t UuidTable::find(const Table& table, std::uint64_t key) {
    std::size_t at = place(table, key);
    while (table.slots[at] != 0 && ((table.slots[at] ^ key) & ~kValueBits) != 0)
        at = (at + 1) & (table.slots.size() - 1);
    return at;
}

std::optional<bool> UuidTable::is_as_at_first(std::uint64_t key, std::uint32_t value) {
    const std::uint64_t fresh = slot_for(key, value);
    std::size_t at = 0;
    for (const Table& table : tables_) {
        at = find(table, key);
        if (table.slots[at] != 0) return table.slots[at] == fresh;
    }
    if (size_ >= kMost) return std::nullopt;
    Table& newest = tables_.back();
    newest.slots[at] = fresh;
    ++size_;
    if (++newest.used * 4 >= newest.slots.size() * 3)
        tables_.push_back({std::vector<std::uint64_t>(newest.slots.size() * 2), 0});
    return true;
}

}  // namespace kentongan::sirekap
