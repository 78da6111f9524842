// What a hit changes in a group's block, and what the condition is then asked of.
#include <algorithm>
#include <bit>
#include <cmath>

#include "daemon/detect/sigma/windows.hpp"

namespace kentongan::sigma {

namespace {

using Keeps = WindowPlan::Keeps;

std::uint64_t word(std::int64_t value) { return std::bit_cast<std::uint64_t>(value); }
std::int64_t time_in(std::uint64_t word) { return std::bit_cast<std::int64_t>(word); }
double real_in(std::uint64_t word) { return std::bit_cast<double>(word); }

}  // namespace

double Windows::measure(Group& group, const Sample& sample) {
    switch (plan_.keeps) {
        case Keeps::times:
            return add_time(group, sample.time);
        case Keeps::distinct:
            return add_distinct(group, sample.time, sample.hash);
        case Keeps::last:
            return mark(group, sample.time, sample.position);
        case Keeps::ordered:
            return mark_in_order(group, sample.time, sample.position);
        default:
            return add_to_bucket(group, sample.time, sample.number);
    }
}

/// Keeps the newest times in order, those outside the window not among them.
double Windows::add_time(Group& group, std::int64_t time) {
    auto times = pool_.span(group.block).first(group.size);
    const auto gone = std::ranges::find_if(
        times, [&](std::uint64_t t) { return time_in(t) > group.newest - plan_.span; });
    std::ranges::copy(gone, times.end(), times.begin());
    group.size -= static_cast<std::uint32_t>(gone - times.begin());
    times = room_for(group, std::min<std::size_t>(group.size + 1, plan_.entries));
    if (group.size == plan_.entries) {
        std::ranges::copy(times.begin() + 1, times.begin() + group.size, times.begin());
        --group.size;
    }
    std::size_t at = group.size++;
    for (; at > 0 && time_in(times[at - 1]) > time; --at) times[at] = times[at - 1];
    times[at] = word(time);
    return static_cast<double>(group.size);
}

/// A bucket counts while it lies in the window whole, so a sum is never too large.
double Windows::add_to_bucket(Group& group, std::int64_t time, double number) {
    const std::int64_t width = std::max<std::int64_t>(plan_.bucket_width(), 1);
    const std::int64_t oldest = (group.newest - plan_.span) / width + 1;
    const std::int64_t own = time / width;
    std::size_t kept = 0;
    auto pairs = pool_.span(group.block);
    for (std::size_t i = 0; i < group.size; ++i) {
        if (time_in(pairs[2 * i]) < oldest) continue;
        pairs[2 * kept] = pairs[2 * i];
        pairs[2 * kept++ + 1] = pairs[2 * i + 1];
    }
    group.size = static_cast<std::uint32_t>(kept);
    std::size_t at = 0;
    while (at < kept && time_in(pairs[2 * at]) != own) ++at;
    if (at == kept && own >= oldest && kept < plan_.entries) {
        pairs = room_for(group, kept + 1);
        pairs[2 * at] = word(own);
        pairs[2 * at + 1] = 0;
        ++group.size;
    }
    if (at < group.size)
        pairs[2 * at + 1] = std::bit_cast<std::uint64_t>(real_in(pairs[2 * at + 1]) + number);
    double sum = 0;
    for (std::size_t i = 0; i < group.size; ++i) sum += real_in(pairs[2 * i + 1]);
    return sum;
}

/// Counting up to the number needed is exact, for the value seen longest ago makes room.
double Windows::add_distinct(Group& group, std::int64_t time, std::uint64_t hash) {
    auto pairs = pool_.span(group.block);
    std::size_t at = 0;
    while (at < group.size && pairs[2 * at] != hash) ++at;
    if (at == group.size && group.size < plan_.entries) {
        pairs = room_for(group, group.size + 1);
        ++group.size;
    } else if (at == group.size) {
        at = 0;
        for (std::size_t i = 1; i < group.size; ++i)
            if (time_in(pairs[2 * i + 1]) < time_in(pairs[2 * at + 1])) at = i;
    }
    const bool known = pairs[2 * at] == hash;
    pairs[2 * at] = hash;
    pairs[2 * at + 1] = word(known ? std::max(time, time_in(pairs[2 * at + 1])) : time);
    std::size_t count = 0;
    for (std::size_t i = 0; i < group.size; ++i)
        count += time_in(pairs[2 * i + 1]) > group.newest - plan_.span ? 1 : 0;
    return static_cast<double>(count);
}

/// How many of the rules were seen in the window; a deferred one holds all that is in it.
double Windows::mark(Group& group, std::int64_t time, std::uint16_t position) {
    auto last = room_for(group, plan_.entries);
    group.size = static_cast<std::uint32_t>(plan_.entries);
    last[position] = word(std::max(time, time_in(last[position])));
    return static_cast<double>(std::ranges::count_if(last.first(plan_.entries), [&](auto seen) {
        return seen != 0 && (plan_.deferred || time_in(seen) > group.newest - plan_.span);
    }));
}

/// For each rule, the latest start of a run of the rules up to it in order. Equal times count as in
/// order. A rule that comes late fits in before those seen already, when their times allow it.
double Windows::mark_in_order(Group& group, std::int64_t time, std::uint16_t position) {
    auto pairs = room_for(group, plan_.entries);
    group.size = static_cast<std::uint32_t>(plan_.entries);
    const auto start = [&](std::size_t i) -> std::uint64_t& { return pairs[2 * i]; };
    const auto seen = [&](std::size_t i) -> std::uint64_t& { return pairs[2 * i + 1]; };
    seen(position) = word(std::max(time, time_in(seen(position))));
    if (position > 0 && (start(position - 1) == 0 || time < time_in(seen(position - 1)))) return 0;
    std::int64_t from = position == 0 ? time : time_in(start(position - 1));
    std::int64_t end = time;
    std::size_t reached = 0;
    for (std::size_t i = position; i < plan_.entries && end - from < plan_.span; ++i) {
        start(i) = word(std::max(from, time_in(start(i))));
        reached = i + 1;
        if (reached == plan_.entries || time_in(seen(reached)) < end) break;
        end = time_in(seen(reached));
    }
    return static_cast<double>(reached);
}

void Windows::gather(std::uint32_t index, const Sample& sample) {
    Group& group = groups_[index];
    group.newest = std::max(group.newest, sample.time);
    ++group.total;
    switch (plan_.keeps) {
        case Keeps::hashes: {
            const auto known = pool_.span(group.block).first(group.size);
            if (std::ranges::find(known, sample.hash) != known.end()) return;
            if (group.size == plan_.entries) return;
            room_for(group, group.size + 1)[group.size] = sample.hash;
            ++group.size;
            return;
        }
        case Keeps::tally: {
            auto& sum = room_for(group, 1)[0];
            sum = std::bit_cast<std::uint64_t>(real_in(sum) + sample.number);
            return;
        }
        case Keeps::numbers: {
            const std::size_t at = (group.total - 1) % plan_.entries;
            group.size = std::max(group.size, static_cast<std::uint32_t>(at + 1));
            room_for(group, group.size)[at] = std::bit_cast<std::uint64_t>(sample.number);
            return;
        }
        case Keeps::last:
            static_cast<void>(mark(group, sample.time, sample.position));
            return;
        default:
            return;
    }
}

double Windows::value_at_end(Group& group) {
    const auto block = pool_.span(group.block);
    switch (plan_.keeps) {
        case Keeps::hashes:
            return group.size;
        case Keeps::tally:
            return plan_.type == CorrelationType::value_avg ? real_in(block[0]) / group.total
                                                            : real_in(block[0]);
        case Keeps::numbers: {  // nearest rank
            std::vector<double> values;
            for (const auto kept : block.first(group.size)) values.push_back(real_in(kept));
            const auto rank = static_cast<std::size_t>(
                std::ceil(plan_.percentile / 100 * static_cast<double>(values.size())));
            const auto at =
                values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
            std::ranges::nth_element(values, at);
            return *at;
        }
        case Keeps::last:
            return static_cast<double>(std::ranges::count_if(block.first(plan_.entries),
                                                             [](auto seen) { return seen != 0; }));
        default:
            return group.total;
    }
}

}  // namespace kentongan::sigma
