// Sliding windows decide at every hit, deferred ones at their end.
#include "daemon/detect/sigma/windows.hpp"

#include <algorithm>

namespace kentongan::sigma {

namespace {

using Keeps = WindowPlan::Keeps;

std::size_t least_words(const WindowPlan& plan) {
    const bool fixed = plan.keeps == Keeps::last || plan.keeps == Keeps::ordered;
    return (fixed ? plan.entries : std::min<std::size_t>(4, plan.entries)) * plan.stride;
}

}  // namespace

Windows::Windows(const WindowPlan& plan, Limits limits)
    : plan_(plan), limits_(limits), pool_(least_words(plan), plan.entries * plan.stride) {
    limits_.groups = std::max<std::size_t>(limits_.groups, 1);
}

Windows::Outcome Windows::take(const Sample& sample) {
    while (groups_.size() > 1 && pool_.used() >= limits_.bytes) push_out();
    const std::uint32_t index = find_or_make(sample);
    if (!plan_.deferred) return slide(index, sample);
    gather(index, sample);
    return {Answer::quiet, index, 0};
}

std::uint32_t Windows::find_or_make(const Sample& sample) {
    if (const auto found = groups_.find(sample.key); found != GroupTable::kNone) return found;
    while (groups_.size() >= limits_.groups) push_out();
    const std::uint32_t made = groups_.insert(sample.key);
    groups_[made].newest = groups_[made].opened = sample.time;
    groups_[made].touched = now_;
    return made;
}

/// The group that was quiet for longest, or the window that was opened first, makes room.
void Windows::push_out() {
    forget(groups_.front());
    ++evicted_;
}

void Windows::forget(std::uint32_t index) {
    pool_.release(groups_[index].block);
    groups_.erase(index);
}

void Windows::start_over(Group& group) {
    pool_.release(group.block);
    group.block = {};
    group.size = 0;
}

/// The group's block, grown to hold so many entries.
std::span<std::uint64_t> Windows::room_for(Group& group, std::size_t entries) {
    const std::size_t words = entries * plan_.stride;
    auto block = pool_.span(group.block);
    if (block.size() >= words) return block;
    std::uint8_t size_class = 0;
    while (pool_.words(size_class) < words) ++size_class;
    const auto larger = pool_.acquire(size_class);
    std::ranges::copy(pool_.span(group.block), pool_.span(larger).begin());
    pool_.release(group.block);
    group.block = larger;
    return pool_.span(larger);
}

Windows::Outcome Windows::slide(std::uint32_t index, const Sample& sample) {
    Group& group = groups_[index];
    groups_.move_to_back(index);
    group.touched = now_;
    if (sample.time - group.newest >= plan_.span) {  // the window has been empty
        start_over(group);
        group.firing = false;
        group.total = 0;
    } else if (sample.time <= group.newest - plan_.span) {
        return {Answer::late, index, 0};
    }
    group.newest = std::max(group.newest, sample.time);
    if (group.firing) return {Answer::again, index, 0};
    const double value = measure(group, sample);
    const bool counted = plan_.keeps == Keeps::times || plan_.keeps == Keeps::distinct;
    if (counted ? value < static_cast<double>(plan_.needed) : !plan_.holds(value))
        return {Answer::quiet, index, 0};
    start_over(group);  // while it fires only its end is looked for
    group.firing = true;
    return {Answer::fired, index, value};
}

std::uint32_t Windows::ended() {
    const std::uint32_t first = groups_.front();
    if (!plan_.deferred || first == GroupTable::kNone) return GroupTable::kNone;
    const Group& group = groups_[first];
    return std::max(group.opened, group.touched) + plan_.span <= now_ ? first : GroupTable::kNone;
}

std::uint32_t Windows::ended_for(std::uint64_t key, std::int64_t time) {
    const std::uint32_t found = plan_.deferred ? groups_.find(key) : GroupTable::kNone;
    if (found == GroupTable::kNone) return found;
    return groups_[found].opened + plan_.span <= time ? found : GroupTable::kNone;
}

std::optional<double> Windows::close(std::uint32_t index) {
    const double value = value_at_end(groups_[index]);
    forget(index);
    if (!plan_.holds(value)) return std::nullopt;
    return value;
}

void Windows::expire() {
    while (!plan_.deferred && groups_.front() != GroupTable::kNone) {
        const Group& oldest = groups_[groups_.front()];
        if (std::max(oldest.newest, oldest.touched) + plan_.span > now_) return;
        forget(groups_.front());
    }
}

}  // namespace kentongan::sigma
