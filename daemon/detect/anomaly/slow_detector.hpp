#pragma once
// Finds connections held open with next to nothing said, and TLS handshakes begun for nothing
// (D05).
#include <map>
#include <string_view>
#include <vector>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// From conn events, by their ends: 50 connections of one source to a web port of one host within
/// 60 s that each lasted over 10 s, sent something, but less than 100 B/s, and got less than 200
/// bytes back. A slow upload sends more, a WebSocket got its answer. Since an event comes at a
/// connection's end, the verdict comes when the server gives up on the first of them.
/// From tls events, in bins of 10 s: 200 handshakes a second to one service of which more than 6 of
/// 10 were not finished.
class SlowDetector final : public Detector {
  public:
    explicit SlowDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.slow-exhaustion"; }
    [[nodiscard]] bool wants(EventKind kind) const override {
        return kind == EventKind::conn || kind == EventKind::tls;
    }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override { close_bin(out); }
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return slow_.size(); }

    static constexpr std::size_t kConnections = 50;

  private:
    struct Slow {
        std::vector<Timestamp> ends;  // the last kConnections, a ring
        std::size_t next = 0;
    };
    struct Handshakes {
        std::uint64_t begun = 0;
        std::uint64_t finished = 0;
        std::string_view capture;
    };

    void connection(const Event& event, FindingSink& out);
    void handshake(const Event& event, FindingSink& out);
    void close_bin(FindingSink& out);

    std::size_t capacity_;
    LruTable<AddressPair, Slow> slow_;
    Bins bins_{std::chrono::seconds{10}};
    std::map<Endpoint, Handshakes> handshakes_;
    std::uint64_t refused_ = 0;
    FindingEpisodes episodes_;
};

}  // namespace kentongan::anomaly
