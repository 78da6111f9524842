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

/// From TrafficSecond, in bins of 10 s, while the connections are open: 50 connections of one
/// source to a web port of one host that dribble (less than 100 B/s, no answer), of which those
/// that say nothing at all count one in four, since browsers open some in advance and many of them
/// share a carrier's address; or of a service, half of `web_workers` where that is known, else
/// 1,000 that dribble, from whatever number of sources.
/// From conn events, by their ends: 50 connections of one source to a web port of one host within
/// 60 s that each lasted over 10 s, sent something, but less than 100 B/s, and got less than 200
/// bytes back. A slow upload sends more, a WebSocket got its answer. That is for
/// connections that other sensors tell of.
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
    void inspect(const TrafficSecond& traffic, FindingSink& out) override;
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

    struct Held {
        std::uint64_t dribbling = 0;
        std::uint64_t silent = 0;
        std::string_view capture;
    };
    struct Holder {
        IpAddress source;
        Endpoint service;
        auto operator<=>(const Holder&) const = default;
    };

    bool enters(Timestamp time, FindingSink& out);
    void judge_handshakes(FindingSink& out);
    void judge_holders(FindingSink& out);
    void judge_held(FindingSink& out);
    [[nodiscard]] Finding finding(const Endpoint& service, std::string entity, std::string message,
                                  std::string_view capture) const;
    void connection(const Event& event, FindingSink& out);
    void handshake(const Event& event, FindingSink& out);
    void close_bin(FindingSink& out);

    std::size_t capacity_;
    LruTable<AddressPair, Slow> slow_;
    Bins bins_{std::chrono::seconds{10}};
    std::map<Endpoint, Handshakes> handshakes_;
    std::map<Holder, Held> holders_;
    std::map<Endpoint, Held> held_;
    std::uint64_t workers_;  // 0: not known
    std::uint64_t refused_ = 0;
    FindingEpisodes episodes_;
};

}  // namespace kentongan::anomaly
