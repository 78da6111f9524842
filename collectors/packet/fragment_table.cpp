#include "collectors/packet/fragment_table.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace kentongan::packet {

namespace {

constexpr std::uint32_t kLongest = 65535;

std::uint32_t length_of(const std::string& text) { return static_cast<std::uint32_t>(text.size()); }

}  // namespace

/// Stores what of `data` is new; whether the rest contradicts what is there.
bool FragmentTable::put(Packet& packet, std::uint32_t at, Bytes data) {
    bool conflict = false;
    while (!data.empty()) {
        auto after = packet.parts.upper_bound(at);
        std::uint32_t until = at + static_cast<std::uint32_t>(data.size());
        if (after != packet.parts.begin()) {
            const auto& [offset, part] = *std::prev(after);
            if (offset + length_of(part) > at) {  // known
                until = std::min(until, offset + length_of(part));
                const std::size_t size = until - at;
                conflict =
                    conflict || std::memcmp(part.data() + (at - offset), data.data(), size) != 0;
                data = data.subspan(size);
                at = until;
                continue;
            }
        }
        if (after != packet.parts.end()) until = std::min(until, after->first);
        const std::size_t size = until - at;
        packet.parts.emplace_hint(after, at, as_text(data.first(size)));
        packet.bytes += static_cast<std::uint32_t>(size);
        held_ += size + kPartOverhead;
        data = data.subspan(size);
        at = until;
    }
    return conflict;
}

FragmentTable::Added FragmentTable::add(const Decoded& of, const Transport& fragment,
                                        Timestamp now) {
    Added out;
    const std::size_t size = fragment.captured.size();
    const std::size_t end = fragment.offset + size;
    out.refused =
        size != fragment.bytes || size == 0 || end > kLongest || (fragment.more && size % 8 != 0);
    if (out.refused) return out;
    shed(now);
    // The protocol tells IPv4 packets apart (RFC 791); IPv6 names it in the first fragment only.
    const Key key{of.tuple.source, of.tuple.destination, of.tuple.network, fragment.id,
                  of.ip_version == 4 ? fragment.protocol : std::uint8_t{0}};
    const auto [entry, fresh] = packets_.try_emplace(key);
    Packet& packet = entry->second;
    if (fresh) {
        packet.first = now;
        packet.age = ages_.insert(ages_.end(), key);
        held_ += kOverhead;
    }
    ++packet.fragments;
    if (!fragment.more && packet.end == 0) packet.end = static_cast<std::uint32_t>(end);
    const bool beyond = packet.end != 0 && end > packet.end;
    if (beyond || packet.fragments > limits_.fragments) {
        out.conflict = beyond && !std::exchange(packet.conflict, true);
        let_go(entry, true);
        return out;
    }
    if (put(packet, fragment.offset, fragment.captured))
        out.conflict = !std::exchange(packet.conflict, true);
    if (packet.end == 0 || packet.bytes < packet.end) return out;
    if (packet.bytes == packet.end) {
        out.whole = join(key, packet);
        out.whole.protocol = fragment.protocol;
    }
    let_go(entry, packet.bytes != packet.end);
    return out;
}

Transport FragmentTable::join(const Key&, const Packet& packet) {
    whole_.clear();
    for (const auto& [offset, part] : packet.parts) whole_ += part;
    return {.captured = as_bytes(whole_), .bytes = packet.end, .present = true};
}

void FragmentTable::let_go(std::map<Key, Packet>::iterator entry, bool lost) {
    const Packet& packet = entry->second;
    if (lost) lost_ += packet.fragments;
    held_ -= kOverhead + packet.bytes + packet.parts.size() * kPartOverhead;
    ages_.erase(packet.age);
    packets_.erase(entry);
}

void FragmentTable::finish() {
    while (!packets_.empty()) let_go(packets_.begin(), true);
}

void FragmentTable::shed(Timestamp now) {
    while (!ages_.empty()) {
        const auto oldest = packets_.find(ages_.front());
        const bool full = packets_.size() >= limits_.packets || held_ >= limits_.bytes;
        if (!full && now - oldest->second.first <= limits_.time) return;
        let_go(oldest, true);
    }
}

}  // namespace kentongan::packet
