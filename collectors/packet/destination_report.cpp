// What a second's counts by destination are told as: the largest, in the order of addresses.
#include <algorithm>
#include <bit>
#include <cmath>
#include <tuple>
#include <utility>

#include "collectors/packet/destination_meter.hpp"

namespace kentongan::packet {

namespace {

constexpr std::uint32_t kMostDistinct = 64;

/// Linear counting over 64 bits (Whang, Vander-Zanden, Taylor 1990).
std::uint32_t distinct(std::uint64_t bits) {
    const double empty = std::max(1, 64 - std::popcount(bits));
    return std::min(kMostDistinct,
                    static_cast<std::uint32_t>(std::lround(64 * std::log(64 / empty))));
}

/// Leaves the `most` that come first by `before`, in no order; how many went.
template <class Entry, class Before>
std::size_t keep_first(std::vector<Entry>& entries, std::size_t most, Before&& before) {
    if (entries.size() <= most) return 0;
    const std::size_t out = entries.size() - most;
    std::ranges::nth_element(entries, entries.begin() + static_cast<std::ptrdiff_t>(most), before);
    entries.resize(most);
    return out;
}

}  // namespace

void DestinationMeter::take(TrafficSecond& out) {
    out.left_out += std::exchange(left_out_, 0);
    take_prefixes(out);
    take_reflections(out);
    take_amplifiers(out);
}

void DestinationMeter::take_prefixes(TrafficSecond& out) {
    const auto name = [](const TrafficSecond::Prefix& p) {
        return std::tie(p.network, p.protocol);
    };
    for (Network& each : networks_) {
        each.counts.hosts = distinct(each.hosts);
        out.prefixes.push_back(each.counts);
    }
    const auto busier = [&](const auto& a, const auto& b) {
        return a.bytes != b.bytes ? a.bytes > b.bytes : name(a) < name(b);
    };
    out.left_out += keep_first(out.prefixes, kPrefixes, busier);
    std::ranges::sort(out.prefixes, {}, name);
    if (!networks_.empty()) std::ranges::fill(network_slots_, std::uint16_t{0});
    networks_.clear();
}

void DestinationMeter::take_reflections(TrafficSecond& out) {
    for (Victim& each : victims_) {
        each.counts.reflectors = distinct(each.reflectors);
        out.reflections.push_back(each.counts);
    }
    const auto worse = [](const auto& a, const auto& b) {
        return a.unsolicited != b.unsolicited ? a.unsolicited > b.unsolicited : a.victim < b.victim;
    };
    out.left_out += keep_first(out.reflections, kReflections, worse);
    std::ranges::sort(out.reflections, {}, &TrafficSecond::Reflection::victim);
    if (!victims_.empty()) std::ranges::fill(victim_slots_, std::uint16_t{0});
    victims_.clear();
}

void DestinationMeter::take_amplifiers(TrafficSecond& out) {
    const auto name = [](const TrafficSecond::Amplifier& a) {
        return std::tie(a.server, a.client, a.port);
    };
    for (const auto& each : amplifiers_)
        if (each.answers > 0) out.amplifiers.push_back(each);
    const auto larger = [&](const auto& a, const auto& b) {
        return a.answer_bytes != b.answer_bytes ? a.answer_bytes > b.answer_bytes
                                                : name(a) < name(b);
    };
    out.left_out += keep_first(out.amplifiers, kAmplifiers, larger);
    std::ranges::sort(out.amplifiers, {}, name);
    if (!amplifiers_.empty()) std::ranges::fill(amplifier_slots_, std::uint16_t{0});
    amplifiers_.clear();
}

}  // namespace kentongan::packet
