#pragma once
// TextClusters: which reports say nearly the same (C01), and whether that is many people at once.
#include <deque>
#include <optional>
#include <vector>

#include "daemon/base/time.hpp"
#include "daemon/detect/anomaly/lru_table.hpp"

namespace kentongan::report {

/// A report joins the cluster whose first text differs from its own in at most 3 of 64 bits. Every
/// cluster is compared: 4,096 of them cost some microseconds, less than bands of hashes would.
/// Times are event times. Deterministic; not thread-safe.
class TextClusters {
  public:
    static constexpr int kMostBits = 3;
    static constexpr std::size_t kClusters = 4096;  ///< then the longest quiet one goes
    static constexpr std::size_t kMembers = 2000;   ///< remembered of each
    static constexpr std::size_t kSenders = 200'000;
    static constexpr Duration kWindow = std::chrono::minutes{10};
    static constexpr std::size_t kReports = 20;     ///< in the window, for a card …
    static constexpr std::size_t kNewSenders = 10;  ///< … from so many first heard in it

    explicit TextClusters(std::uint64_t seed);

    /// A cluster that is worth a card, or that has doubled since its last one.
    struct Card {
        std::string first_ticket;
        std::size_t reports = 0;  ///< in the window
        std::size_t new_senders = 0;
        std::size_t since_last = 0;  ///< reports since the last card
    };
    struct Joined {
        std::uint64_t cluster = 0;  ///< its number
        std::optional<Card> card;
    };
    /// Times do not go back.
    [[nodiscard]] Joined add(Timestamp time, std::string_view ticket, std::uint64_t hash,
                             std::uint64_t sender);

    [[nodiscard]] std::uint64_t evicted() const { return evicted_ + first_heard_.evicted(); }

  private:
    struct Member {
        Timestamp time{};
        std::uint64_t sender = 0;
        bool is_new = false;
    };
    struct Cluster {
        std::uint64_t number = 0;
        std::string first_ticket;
        std::deque<Member> members;  // in the window
        std::size_t told = 0;        // members in the window at the last card; 0: none yet
        std::size_t untold = 0;      // reports since
    };

    Cluster& cluster_of(Timestamp time, std::string_view ticket, std::uint64_t hash);
    [[nodiscard]] static std::optional<Card> card_of(Cluster& cluster);

    std::vector<std::uint64_t> hashes_;  // of the first text of each cluster, in the same order
    std::vector<Cluster> clusters_;
    anomaly::LruTable<std::string, Timestamp> first_heard_;
    std::uint64_t numbers_ = 0;
    std::uint64_t evicted_ = 0;
};

}  // namespace kentongan::report
