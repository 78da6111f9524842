#include "daemon/detect/report/text_clusters.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>

namespace kentongan::report {

namespace {
std::string key_of(std::uint64_t sender) {
    std::string out(sizeof sender, '\0');
    std::memcpy(out.data(), &sender, sizeof sender);
    return out;
}
}  // namespace

TextClusters::TextClusters(std::uint64_t seed)
    : first_heard_(kSenders, std::chrono::hours{24}, seed) {}

TextClusters::Joined TextClusters::add(Timestamp time, std::string_view ticket, std::uint64_t hash,
                                       std::uint64_t sender) {
    first_heard_.expire(time);
    auto [first, created] = first_heard_.touch(key_of(sender), time);
    if (created) first = time;
    Cluster& cluster = cluster_of(time, ticket, hash);
    cluster.members.push_back({time, sender, time - first < kWindow});
    ++cluster.untold;
    while (cluster.members.front().time + kWindow <= time || cluster.members.size() > kMembers)
        cluster.members.pop_front();
    return {cluster.number, card_of(cluster)};
}

TextClusters::Cluster& TextClusters::cluster_of(Timestamp time, std::string_view ticket,
                                                std::uint64_t hash) {
    std::size_t nearest = 0;
    int least = kMostBits + 1;
    for (std::size_t i = 0; i < hashes_.size(); ++i)
        if (const int bits = std::popcount(hashes_[i] ^ hash); bits < least) {
            nearest = i;
            least = bits;
        }
    if (least <= kMostBits) return clusters_[nearest];
    Cluster fresh{++numbers_, std::string(ticket), {}, 0, 0};
    if (clusters_.size() < kClusters) {
        hashes_.push_back(hash);
        return clusters_.emplace_back(std::move(fresh));
    }
    const auto quiet = std::ranges::min_element(
        clusters_, {}, [](const Cluster& cluster) { return cluster.members.back().time; });
    if (quiet->members.back().time + kWindow > time) ++evicted_;
    hashes_[static_cast<std::size_t>(quiet - clusters_.begin())] = hash;
    return *quiet = std::move(fresh);
}

std::optional<TextClusters::Card> TextClusters::card_of(Cluster& cluster) {
    const std::size_t reports = cluster.members.size();
    if (reports < kReports) {
        cluster.told = 0;
        return std::nullopt;
    }
    if (cluster.told != 0 && reports < 2 * cluster.told && cluster.untold < 2 * cluster.told)
        return std::nullopt;
    std::set<std::uint64_t> fresh;
    for (const Member& member : cluster.members)
        if (member.is_new) fresh.insert(member.sender);
    if (fresh.size() < kNewSenders) return std::nullopt;
    cluster.told = reports;
    return Card{cluster.first_ticket, reports, fresh.size(), std::exchange(cluster.untold, 0)};
}

}  // namespace kentongan::report
