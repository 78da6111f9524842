#include "collectors/packet/flow_table.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "collectors/packet/end_hash.hpp"

namespace kentongan::packet {

namespace {

bool same(const Tuple& a, const Tuple& b) {
    return std::tie(a.source, a.destination, a.source_port, a.destination_port, a.network) ==
           std::tie(b.source, b.destination, b.source_port, b.destination_port, b.network);
}

bool opposite(const Tuple& a, const Tuple& b) {
    return std::tie(a.source, a.destination, a.source_port, a.destination_port, a.network) ==
           std::tie(b.destination, b.source, b.destination_port, b.source_port, b.network);
}

}  // namespace

FlowTable::FlowTable(std::size_t capacity, std::uint64_t seed)
    : capacity_(std::clamp<std::size_t>(capacity, 1, kNone - 1)),
      seed_(seed | 1),
      buckets_(std::bit_ceil(2 * capacity_), kNone) {
    pool_.reserve(capacity_);
    chains_.reserve(capacity_);
}

std::uint32_t FlowTable::hash(const Tuple& tuple) const {
    const std::uint64_t sum = end_hash(seed_, tuple.source, tuple.source_port) +
                              end_hash(seed_, tuple.destination, tuple.destination_port);
    const std::uint64_t out =
        mix(sum ^ tuple.protocol ^ tuple.network, seed_ ^ 0xE7037ED1A0B428DBu);
    return static_cast<std::uint32_t>(out);
}

FlowTable::Found FlowTable::find(const Tuple& tuple) const {
    const std::uint32_t h = hash(tuple);
    std::uint32_t at = buckets_[h & (buckets_.size() - 1)];
    for (; at != kNone; at = chains_[at].next) {
        if (chains_[at].hash != h) continue;
        const Tuple& here = pool_[at].flow.tuple;
        if (here.protocol != tuple.protocol) continue;
        if (same(here, tuple)) return {at, true, h};
        if (!tuple.one_way && opposite(here, tuple)) return {at, false, h};
    }
    return {kNone, true, h};
}

std::uint32_t FlowTable::older_of(std::uint32_t a, std::uint32_t b) const {
    if (a == kNone) return b;
    if (b == kNone) return a;
    return pool_[b].flow.last < pool_[a].flow.last ? b : a;
}

std::uint32_t FlowTable::victim() const {
    const List& attempts = list(FlowClass::attempt);
    const List& one_way = list(FlowClass::one_way);
    if (2 * (attempts.size + one_way.size) >= capacity_)
        return older_of(attempts.oldest, one_way.oldest);
    std::uint32_t out = kNone;
    for (const List& each : lists_) out = older_of(out, each.oldest);
    return out;
}

std::uint32_t FlowTable::insert(const Tuple& tuple, const Found& missing, Timestamp now) {
    std::uint32_t index = free_;
    if (index == kNone) {
        index = static_cast<std::uint32_t>(pool_.size());
        pool_.emplace_back();
        chains_.emplace_back();
    } else {
        free_ = chains_[index].next;
        pool_[index] = Slot{};
    }
    Slot& slot = pool_[index];
    slot.flow.tuple = tuple;
    slot.flow.first = slot.flow.last = now;
    std::uint32_t& bucket = buckets_[missing.hash & (buckets_.size() - 1)];
    chains_[index] = {bucket, missing.hash};
    bucket = index;
    link(index, slot.flow.flow_class);
    ++size_;
    return index;
}

void FlowTable::touch(std::uint32_t index, Timestamp now) {
    Slot& slot = pool_[index];
    slot.flow.last = now;
    if (slot.listed == slot.flow.flow_class && slot.newer == kNone) return;
    unlink(index);
    link(index, slot.flow.flow_class);
}

void FlowTable::erase(std::uint32_t index) {
    // In a flood the next to go is the next older one; its bucket is far from any cache.
    if (const std::uint32_t next = pool_[index].newer; next != kNone)
        __builtin_prefetch(&buckets_[chains_[next].hash & (buckets_.size() - 1)]);
    std::uint32_t* at = &buckets_[chains_[index].hash & (buckets_.size() - 1)];
    while (*at != index) at = &chains_[*at].next;
    *at = chains_[index].next;
    unlink(index);
    chains_[index].next = free_;
    free_ = index;
    --size_;
}

std::uint32_t FlowTable::expired(Timestamp now) {
    if (now < next_deadline_) return kNone;
    const std::uint32_t index = next_to_expire();
    next_deadline_ = index == kNone ? Timestamp::max() : deadline(index);
    return now < next_deadline_ ? kNone : index;
}

std::uint32_t FlowTable::next_to_expire() const {
    std::uint32_t out = kNone;
    for (const List& each : lists_)
        if (each.oldest != kNone && (out == kNone || deadline(each.oldest) < deadline(out)))
            out = each.oldest;
    return out;
}

void FlowTable::link(std::uint32_t index, FlowClass flow_class) {
    Slot& slot = pool_[index];
    List& into = list(flow_class);
    slot.listed = flow_class;
    slot.older = into.newest;
    slot.newer = kNone;
    (into.newest == kNone ? into.oldest : pool_[into.newest].newer) = index;
    into.newest = index;
    ++into.size;
    next_deadline_ = std::min(next_deadline_, deadline(index));
}

void FlowTable::unlink(std::uint32_t index) {
    const Slot& slot = pool_[index];
    List& from = list(slot.listed);
    (slot.older == kNone ? from.oldest : pool_[slot.older].newer) = slot.newer;
    (slot.newer == kNone ? from.newest : pool_[slot.newer].older) = slot.older;
    --from.size;
}

}  // namespace kentongan::packet
