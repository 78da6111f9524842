// Open addressing over arrays of fixed size, cleared each second.
#include "collectors/packet/destination_meter.hpp"

#include <algorithm>

#include "collectors/packet/end_hash.hpp"

namespace kentongan::packet {

namespace {

constexpr Duration kQueryMemory = std::chrono::seconds{10};
constexpr unsigned kBitsOfV4 = 96 + 24;
constexpr unsigned kBitsOfV6 = 48;
constexpr std::uint16_t kDns = 53;
constexpr std::size_t kDnsHeader = 12;
constexpr std::uint32_t kLongAnswer = 512;  // of the payload, bytes

bool reflects(std::uint16_t port) { return std::ranges::binary_search(kReflectingPorts, port); }

/// A fixed class of 64, so that a count does not vary from run to run.
std::uint64_t bit_of(const IpAddress& address) {
    return std::uint64_t{1} << (end_hash(0x5bd1e995u, address, 0) >> 58);
}

bool reads_as_dns(const Decoded& packet) { return packet.payload.size() >= kDnsHeader; }
bool is_dns_answer(const Decoded& packet) { return (packet.payload[2] & 0x80) != 0; }
/// Of a DNS message (RFC 1035, section 4.1.1); 0 where the packet holds none.
std::uint16_t dns_id(const Decoded& packet) {
    if (!reads_as_dns(packet)) return 0;
    return static_cast<std::uint16_t>(packet.payload[0] << 8 | packet.payload[1]);
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
    : seed_(seed),
      network_slots_(2 * kTrackedPrefixes, 0),
      victim_slots_(2 * kTrackedVictims, 0),
      amplifier_slots_(2 * kTrackedAmplifiers, 0) {
    networks_.reserve(kTrackedPrefixes);
    amplifiers_.reserve(kTrackedAmplifiers);
    victims_.reserve(kTrackedVictims);
    for (auto& bits : queries_) bits.assign(kQueryBits / 64, 0);
}

void DestinationMeter::packet(const Decoded& packet, std::size_t wire_bytes, Timestamp second) {
    if (packet.ip_version == 0) return;
    count_network(packet.tuple, wire_bytes);
    if (packet.tuple.protocol != protocol::kUdp) return;
    rotate(second);
    count_udp(packet, wire_bytes);
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
void DestinationMeter::count_udp(const Decoded& packet, std::size_t bytes) {
    const Tuple& tuple = packet.tuple;
    if (!packet.has_ports) return count_victim(packet, bytes, false);
    const bool from_dns = tuple.source_port == kDns && reads_as_dns(packet);
    const bool is_answer = reflects(tuple.source_port) && !(from_dns && !is_dns_answer(packet));
    if (reflects(tuple.destination_port) && !(is_answer && from_dns)) count_query(packet);
    const bool asked = is_answer && was_asked(packet);
    if (asked) count_answer(packet);
    count_victim(packet, bytes, is_answer && !asked);
}

void DestinationMeter::count_query(const Decoded& query) {
    const Tuple& tuple = query.tuple;
    const std::size_t bit =
        query_bit(tuple.destination, tuple.destination_port, tuple.source, tuple.source_port,
                  tuple.destination_port == kDns ? dns_id(query) : std::uint16_t{0});
    queries_[0][bit / 64] |= std::uint64_t{1} << (bit % 64);
    if (auto* here = amplifier(tuple.destination, tuple.destination_port, tuple.source, false))
        here->query_bytes += query.payload_bytes;
}

/// The first long answer of a second makes the entry and is not counted in it: its query came
/// before.
void DestinationMeter::count_answer(const Decoded& answer) {
    const Tuple& tuple = answer.tuple;
    const bool is_long = answer.payload_bytes >= kLongAnswer;
    const std::size_t before = amplifiers_.size();
    auto* here = amplifier(tuple.source, tuple.source_port, tuple.destination, is_long);
    if (here == nullptr) {
        left_out_ += is_long ? 1 : 0;
        return;
    }
    if (amplifiers_.size() != before) {
        *here = {tuple.source, tuple.destination, tuple.source_port, 0, 0, 0};
        return;
    }
    ++here->answers;
    here->answer_bytes += answer.payload_bytes;
}

TrafficSecond::Amplifier* DestinationMeter::amplifier(const IpAddress& server, std::uint16_t port,
                                                      const IpAddress& client, bool make) {
    if (amplifiers_.empty() && !make) return nullptr;
    return place_of(amplifiers_, amplifier_slots_, kTrackedAmplifiers,
                    mix(end_hash(seed_, server, port), end_hash(~seed_, client, 0)), make,
                    [&](const TrafficSecond::Amplifier& a) {
                        return a.port == port && a.server == server && a.client == client;
                    });
}

void DestinationMeter::count_victim(const Decoded& packet, std::size_t bytes, bool unsolicited) {
    const Tuple& tuple = packet.tuple;
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
    if (tuple.source_port != kDns) return;
    ++here->counts.dns;
    here->counts.dns_bytes += packet.payload_bytes;
}

std::size_t DestinationMeter::query_bit(const IpAddress& server, std::uint16_t server_port,
                                        const IpAddress& client, std::uint16_t port,
                                        std::uint16_t id) const {
    const std::uint64_t ends =
        mix(end_hash(seed_, server, server_port), end_hash(~seed_, client, port));
    return static_cast<std::size_t>(
               (id == 0 ? ends : mix(ends ^ seed_, id * 0x9E3779B97F4A7C15u)) >> 20) %
           kQueryBits;
}

bool DestinationMeter::was_asked(const Decoded& answer) const {
    const Tuple& tuple = answer.tuple;
    const std::size_t bit =
        query_bit(tuple.source, tuple.source_port, tuple.destination, tuple.destination_port,
                  tuple.source_port == kDns ? dns_id(answer) : std::uint16_t{0});
    return ((queries_[0][bit / 64] | queries_[1][bit / 64]) >> (bit % 64) & 1) != 0;
}

void DestinationMeter::rotate(Timestamp second) {
    if (second - rotated_ < kQueryMemory) return;
    rotated_ = second;
    std::swap(queries_[0], queries_[1]);
    std::ranges::fill(queries_[0], std::uint64_t{0});
}

}  // namespace kentongan::packet
