// Open addressing over arrays of fixed size, cleared each second.
#include "collectors/packet/destination_meter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>

#include "collectors/packet/end_hash.hpp"

namespace kentongan::packet {

namespace {

constexpr Duration kQueryMemory = std::chrono::seconds{10};
constexpr unsigned kBitsOfV4 = 96 + 24;
constexpr unsigned kBitsOfV6 = 48;
constexpr std::uint32_t kMostDistinct = 64;

bool reflects(std::uint16_t port) { return std::ranges::binary_search(kReflectingPorts, port); }

/// A fixed class of 64, so that a count does not vary from run to run.
std::uint64_t bit_of(const IpAddress& address) {
    return std::uint64_t{1} << (end_hash(0x5bd1e995u, address, 0) >> 58);
}

/// Linear counting over 64 bits (Whang, Vander-Zanden, Taylor 1990).
std::uint32_t distinct(std::uint64_t bits) {
    const double empty = std::max(1, 64 - std::popcount(bits));
    return std::min(kMostDistinct,
                    static_cast<std::uint32_t>(std::lround(64 * std::log(64 / empty))));
}

/// The entry that `matches`, or a new one; nothing when the table is full.
template <class Entry, class Matches>
Entry* place_of(std::vector<Entry>& entries, std::vector<std::uint16_t>& slots, std::size_t most,
                std::uint64_t hash, bool make, Matches&& matches) {
    const std::size_t mask = slots.size() - 1;
    std::size_t at = static_cast<std::size_t>(hash >> 20) & mask;
    for (; slots[at] != 0; at = (at + 1) & mask)
        if (matches(entries[slots[at] - 1u])) return &entries[slots[at] - 1u];
    if (!make || entries.size() == most) return nullptr;
    entries.emplace_back();
    slots[at] = static_cast<std::uint16_t>(entries.size());
    return &entries.back();
}

}  // namespace

DestinationMeter::DestinationMeter(std::uint64_t seed)
    : seed_(seed), network_slots_(2 * kTrackedPrefixes, 0), victim_slots_(2 * kTrackedVictims, 0) {
    networks_.reserve(kTrackedPrefixes);
    victims_.reserve(kTrackedVictims);
    for (auto& bits : queries_) bits.assign(kQueryBits / 64, 0);
}

void DestinationMeter::packet(const Decoded& packet, std::size_t wire_bytes, Timestamp second) {
    if (packet.ip_version == 0) return;
    count_network(packet.tuple, wire_bytes);
    if (packet.tuple.protocol != protocol::kUdp) return;
    rotate(second);
    count_udp(packet.tuple, wire_bytes, packet.has_ports);
}

void DestinationMeter::count_network(const Tuple& tuple, std::size_t bytes) {
    const IpAddress network =
        tuple.destination.masked(tuple.destination.is_v4() ? kBitsOfV4 : kBitsOfV6);
    Network* here =
        place_of(networks_, network_slots_, kTrackedPrefixes,
                 end_hash(seed_, network, tuple.protocol), true, [&](const Network& n) {
                     return n.counts.protocol == tuple.protocol && n.counts.network == network;
                 });
    if (here == nullptr) {
        ++left_out_;
        return;
    }
    here->counts.network = network;
    here->counts.protocol = tuple.protocol;
    ++here->counts.packets;
    here->counts.bytes += bytes;
    here->hosts |= bit_of(tuple.destination);
}

/// A later fragment has no ports: it counts as UDP of a victim that is already known.
void DestinationMeter::count_udp(const Tuple& tuple, std::size_t bytes, bool has_ports) {
    if (has_ports && reflects(tuple.destination_port)) {
        const std::size_t bit =
            query_bit(tuple.destination, tuple.destination_port, tuple.source, tuple.source_port);
        queries_[0][bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
    const bool unsolicited = has_ports && reflects(tuple.source_port) && !was_asked(tuple);
    Victim* here = place_of(victims_, victim_slots_, kTrackedVictims,
                            end_hash(seed_, tuple.destination, 0), unsolicited,
                            [&](const Victim& v) { return v.counts.victim == tuple.destination; });
    if (here == nullptr) {
        left_out_ += unsolicited ? 1 : 0;
        return;
    }
    here->counts.victim = tuple.destination;
    ++here->counts.packets;
    if (!unsolicited) return;
    ++here->counts.unsolicited;
    here->counts.unsolicited_bytes += bytes;
    here->counts.port = tuple.source_port;
    here->reflectors |= bit_of(tuple.source);
}

std::size_t DestinationMeter::query_bit(const IpAddress& server, std::uint16_t server_port,
                                        const IpAddress& client, std::uint16_t port) const {
    return static_cast<std::size_t>(
               mix(end_hash(seed_, server, server_port), end_hash(~seed_, client, port)) >> 20) %
           kQueryBits;
}

bool DestinationMeter::was_asked(const Tuple& answer) const {
    const std::size_t bit =
        query_bit(answer.source, answer.source_port, answer.destination, answer.destination_port);
    return ((queries_[0][bit / 64] | queries_[1][bit / 64]) >> (bit % 64) & 1) != 0;
}

void DestinationMeter::rotate(Timestamp second) {
    if (second - rotated_ < kQueryMemory) return;
    rotated_ = second;
    std::swap(queries_[0], queries_[1]);
    std::ranges::fill(queries_[0], std::uint64_t{0});
}

void DestinationMeter::take(TrafficSecond& out) {
    out.left_out += left_out_;
    left_out_ = 0;
    const auto name = [](const TrafficSecond::Prefix& p) {
        return std::tie(p.network, p.protocol);
    };
    for (Network& each : networks_) {
        each.counts.hosts = distinct(each.hosts);
        out.prefixes.push_back(each.counts);
    }
    if (out.prefixes.size() > kPrefixes) {
        std::ranges::nth_element(out.prefixes, out.prefixes.begin() + kPrefixes,
                                 [&](const auto& a, const auto& b) {
                                     if (a.bytes != b.bytes) return a.bytes > b.bytes;
                                     return name(a) < name(b);
                                 });
        out.left_out += out.prefixes.size() - kPrefixes;
        out.prefixes.resize(kPrefixes);
    }
    std::ranges::sort(out.prefixes, {}, name);
    for (Victim& each : victims_) {
        each.counts.reflectors = distinct(each.reflectors);
        out.reflections.push_back(each.counts);
    }
    std::ranges::sort(out.reflections, std::greater{}, &TrafficSecond::Reflection::unsolicited);
    if (out.reflections.size() > kReflections) {
        out.left_out += out.reflections.size() - kReflections;
        out.reflections.resize(kReflections);
    }
    std::ranges::sort(out.reflections, {}, &TrafficSecond::Reflection::victim);
    if (!networks_.empty()) std::ranges::fill(network_slots_, std::uint16_t{0});
    if (!victims_.empty()) std::ranges::fill(victim_slots_, std::uint16_t{0});
    networks_.clear();
    victims_.clear();
}

}  // namespace kentongan::packet
