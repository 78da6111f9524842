#include "collectors/packet/ring/packet_index.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace kentongan::packet::ring {

namespace {

constexpr std::uint32_t kMark = 0x31584B4B;  // "KKX1"
constexpr std::uint32_t kAllKeys = 1;
constexpr std::size_t kMostPending = BlockEntry::kMostKeys * 4;  // with repeats, before sorting

std::uint64_t hash_of(const IpAddress& address) {
    std::array<std::uint64_t, 2> halves{};
    static_assert(sizeof halves == sizeof address.bytes());
    std::memcpy(halves.data(), address.bytes().data(), sizeof halves);
    std::uint64_t mixed = halves[0] * 0x9E3779B97F4A7C15u ^ std::rotl(halves[1], 32);
    mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93u;
    return mixed ^ (mixed >> 32);
}

void keep_each_once(std::vector<std::uint32_t>& keys) {
    std::ranges::sort(keys);
    const auto repeated = std::ranges::unique(keys);
    keys.erase(repeated.begin(), repeated.end());
}

/// All but the keys, as it is stored.
struct Head {
    std::uint32_t mark = kMark;
    std::uint32_t flags = 0;
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
    std::uint32_t raw_bytes = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::uint32_t packets = 0;
    std::uint32_t keys = 0;
};
static_assert(sizeof(Head) == 48);

}  // namespace

std::uint32_t key_of(const IpAddress& one) { return static_cast<std::uint32_t>(hash_of(one)); }

std::uint32_t key_of(const IpAddress& one, const IpAddress& other) {
    return static_cast<std::uint32_t>((hash_of(one) + hash_of(other)) >> 32);
}

bool BlockEntry::may_hold(std::uint32_t key) const {
    return all_keys || std::ranges::binary_search(keys, key);
}

void BlockIndexer::add(const Decoded& packet, Timestamp time) {
    entry_.first = entry_.packets == 0 ? time : std::min(entry_.first, time);
    entry_.last = entry_.packets == 0 ? time : std::max(entry_.last, time);
    ++entry_.packets;
    if (packet.ip_version == 0 || entry_.all_keys) return;
    const Tuple& tuple = packet.tuple;
    for (const std::uint32_t key :
         {key_of(tuple.source), key_of(tuple.destination), key_of(tuple.source, tuple.destination)})
        entry_.keys.push_back(key);
    if (entry_.keys.size() < kMostPending) return;
    keep_each_once(entry_.keys);
    if (entry_.keys.size() <= BlockEntry::kMostKeys) return;
    entry_.all_keys = true;
    entry_.keys.clear();
}

BlockEntry BlockIndexer::take() {
    keep_each_once(entry_.keys);
    if (entry_.keys.size() > BlockEntry::kMostKeys) {
        entry_.all_keys = true;
        entry_.keys.clear();
    }
    return std::exchange(entry_, {});
}

void append_entry(std::string& out, const BlockEntry& entry) {
    Head head;
    head.flags = entry.all_keys ? kAllKeys : 0;
    head.offset = entry.offset;
    head.bytes = entry.bytes;
    head.raw_bytes = entry.raw_bytes;
    head.first = to_nanoseconds(entry.first);
    head.last = to_nanoseconds(entry.last);
    head.packets = entry.packets;
    head.keys = static_cast<std::uint32_t>(entry.keys.size());
    out.append(reinterpret_cast<const char*>(&head), sizeof head);
    out.append(reinterpret_cast<const char*>(entry.keys.data()), entry.keys.size() * 4);
}

std::optional<BlockEntry> take_entry(std::string_view& in) {
    Head head;
    if (in.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, in.data(), sizeof head);
    if (head.mark != kMark || head.keys > BlockEntry::kMostKeys ||
        in.size() - sizeof head < std::size_t{head.keys} * 4)
        return std::nullopt;
    BlockEntry out;
    out.offset = head.offset;
    out.bytes = head.bytes;
    out.raw_bytes = head.raw_bytes;
    out.packets = head.packets;
    out.first = from_nanoseconds(head.first);
    out.last = from_nanoseconds(head.last);
    out.all_keys = (head.flags & kAllKeys) != 0;
    out.keys.resize(head.keys);
    if (head.keys > 0) std::memcpy(out.keys.data(), in.data() + sizeof head, head.keys * 4);
    in.remove_prefix(sizeof head + std::size_t{head.keys} * 4);
    return out;
}

}  // namespace kentongan::packet::ring
