#include "daemon/detect/sirekap/uuid_table.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace kentongan::sirekap {

namespace {
constexpr std::size_t kLeastSlots = 1024;
}

UuidTable::UuidTable(std::size_t entries)
    : slots_(std::bit_ceil(std::max(std::min(entries, kMost) * 4 / 3, kLeastSlots))) {}

UuidTable::Slot& UuidTable::slot_of(std::uint64_t key) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(key) & mask;
    while (slots_[at].used && slots_[at].key != key) at = (at + 1) & mask;
    return slots_[at];
}

std::optional<std::uint32_t> UuidTable::first_of(std::uint64_t key, std::uint32_t value) {
    if (size_ * 4 >= slots_.size() * 3 && size_ < kMost) grow();
    Slot& slot = slot_of(key);
    if (slot.used) return slot.value;
    if (size_ >= kMost) return std::nullopt;
    slot = {key, value, true};
    ++size_;
    return value;
}

void UuidTable::grow() {
    const auto before = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    for (const Slot& slot : before)
        if (slot.used) slot_of(slot.key) = slot;
}

}  // namespace kentongan::sirekap
