#include "collectors/zeek/peer_watch.hpp"

#include <algorithm>

namespace kentongan::zeek {

namespace {
constexpr std::size_t kPeerCap = 64;
}

void PeerWatch::came(std::string_view peer) {
    auto found = peers_.find(peer);
    if (found == peers_.end()) {
        if (peers_.size() >= kPeerCap) return;
        found = peers_.emplace(std::string(peer), Peer{}).first;
    }
    ++found->second.connections;
    found->second.reported = false;
}

void PeerWatch::left(std::string_view peer, Timestamp now) {
    const auto found = peers_.find(peer);
    if (found == peers_.end() || found->second.connections == 0) return;
    if (--found->second.connections == 0) found->second.away_since = now;
}

std::vector<std::string> PeerWatch::overdue(Timestamp now) {
    std::vector<std::string> out;
    for (auto& [name, peer] : peers_) {
        if (peer.connections > 0 || peer.reported || now - peer.away_since < grace_) continue;
        peer.reported = true;
        out.push_back(name);
    }
    return out;
}

std::size_t PeerWatch::present() const {
    const auto here = [](const auto& entry) { return entry.second.connections > 0; };
    return static_cast<std::size_t>(std::ranges::count_if(peers_, here));
}

}  // namespace kentongan::zeek
