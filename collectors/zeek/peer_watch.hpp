#pragma once
// Which Zeek peers reach us through a bridge, and which of them have been away too long: the
// sensor is blind there, and somebody must know. Decides only; no clock, no sockets.
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/time.hpp"

namespace kentongan::zeek {

/// Remembers at most 64 peers; further ones are not watched.
class PeerWatch {
  public:
    explicit PeerWatch(Duration grace) : grace_(grace) {}

    void came(std::string_view peer);
    void left(std::string_view peer, Timestamp now);
    /// Peers that were here and have been away for the grace period: each once an absence, in
    /// order of name.
    [[nodiscard]] std::vector<std::string> overdue(Timestamp now);
    [[nodiscard]] std::size_t present() const;

  private:
    struct Peer {
        int connections = 0;
        Timestamp away_since{};
        bool reported = false;
    };
    Duration grace_;
    std::map<std::string, Peer, std::less<>> peers_;
};

}  // namespace kentongan::zeek
