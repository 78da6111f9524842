// Linear probing without tombstones (Knuth, The Art of Computer Programming 3, 6.4, algorithm R).
#include "daemon/detect/sigma/group_table.hpp"

namespace kentongan::sigma {

/// Where the key is, or the empty place where it would be.
std::size_t GroupTable::place_of(std::uint64_t key) const {
    std::size_t at = home(key);
    while (slots_[at] != kNone && groups_[slots_[at]].key != key)
        at = (at + 1) & (slots_.size() - 1);
    return at;
}

std::uint32_t GroupTable::find(std::uint64_t key) const { return slots_[place_of(key)]; }

std::uint32_t GroupTable::insert(std::uint64_t key) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    std::uint32_t group = 0;
    if (free_.empty()) {
        group = static_cast<std::uint32_t>(groups_.size());
        if (groups_.size() == groups_.capacity())
            groups_.reserve(groups_.size() + groups_.size() / 4 + 16);
        groups_.emplace_back();
    } else {
        group = free_.back();
        free_.pop_back();
        groups_[group] = {};
    }
    groups_[group].key = key;
    groups_[group].used = true;
    slots_[place_of(key)] = group;
    link_back(group);
    ++size_;
    return group;
}

void GroupTable::erase(std::uint32_t group) {
    close_gap(place_of(groups_[group].key));
    unlink(group);
    groups_[group].used = false;
    free_.push_back(group);
    --size_;
}

void GroupTable::move_to_back(std::uint32_t group) {
    if (group == back_) return;
    unlink(group);
    link_back(group);
}

void GroupTable::grow() {
    std::vector<std::uint32_t> old(slots_.size() * 2, kNone);
    old.swap(slots_);
    for (const std::uint32_t group : old)
        if (group != kNone) slots_[place_of(groups_[group].key)] = group;
}

/// Moves up what would no longer be found behind an empty place.
void GroupTable::close_gap(std::size_t gap) {
    const std::size_t mask = slots_.size() - 1;
    slots_[gap] = kNone;
    for (std::size_t at = (gap + 1) & mask; slots_[at] != kNone; at = (at + 1) & mask) {
        const std::size_t wanted = home(groups_[slots_[at]].key);
        if (((at - wanted) & mask) < ((at - gap) & mask)) continue;
        slots_[gap] = slots_[at];
        slots_[at] = kNone;
        gap = at;
    }
}

void GroupTable::link_back(std::uint32_t group) {
    groups_[group].before = back_;
    groups_[group].after = kNone;
    (back_ == kNone ? front_ : groups_[back_].after) = group;
    back_ = group;
}

void GroupTable::unlink(std::uint32_t group) {
    const Group& gone = groups_[group];
    (gone.before == kNone ? front_ : groups_[gone.before].after) = gone.after;
    (gone.after == kNone ? back_ : groups_[gone.after].before) = gone.before;
}

}  // namespace kentongan::sigma
