#pragma once
// Finds hosts of ours that send unusually much to addresses outside: data that leaves (X01).
#include <map>
#include <optional>
#include <vector>

#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/anomaly/series/bins.hpp"
#include "daemon/detect/anomaly/series/robust_z.hpp"
#include "daemon/detect/anomaly/state.hpp"
#include "daemon/detect/anomaly/tunable.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// From connections that an address of ours (private, or in `own_networks`) opened to another one:
/// - in 10 minutes more than `outbound_mb`, ten times what came back and, once a day of the host is
///   known, a robust z above 6 of the logarithm against its last two days;
/// - in 24 hours more than `outbound_day_mb` to an address first seen less than 7 days ago, and not
///   within the first day of the host.
/// Networks in `outbound_allowed` (off-site backup, the CDN) are not counted. A connection that
/// lasts is told again and again (event.action "ongoing"): only what is new each time counts.
class VolumeDetector final : public Detector, public Tunable {
  public:
    explicit VolumeDetector(const AnomalyOptions& options);
    void tune(const AnomalyOptions& options) override;

    [[nodiscard]] std::string_view name() const override { return "anomaly.volume"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::conn; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    void end_of_input(FindingSink& out) override { close_bin(out); }
    /// What each host used to send, and the addresses that it knows.
    [[nodiscard]] std::optional<std::string> checkpoint() override;
    [[nodiscard]] Result<> restore(std::string_view state) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return hosts_.size() + peers_.size(); }

  private:
    static constexpr std::size_t kHistory = 288;  // bins: two days

    struct Host {
        Timestamp first_seen{};
        std::uint64_t sent = 0;  // in the open bin
        std::uint64_t received = 0;
        std::uint64_t largest = 0;       // of one connection in it
        std::optional<Finding> example;  // that connection, as the subject of a finding
        RobustZ history{kHistory};
        std::size_t bins = 0;  // in it
    };
    struct Peer {
        Timestamp first_seen{};
        Timestamp since{};  // of the day that is counted
        std::uint64_t sent = 0;
        bool told = false;  // of that day
    };

    struct Volume {
        std::uint64_t sent = 0;
        std::uint64_t received = 0;
    };
    /// Of a connection since it was last told of.
    [[nodiscard]] Volume news_of(const Event& event);
    bool restore_line(std::string_view section, StateLine line);
    [[nodiscard]] bool is_counted(const IpAddress& from, const IpAddress& to) const;
    void count_day(const Host& host, const AddressPair& pair, const Event& event,
                   std::uint64_t bytes, FindingSink& out);
    void close_bin(FindingSink& out);
    void judge(const IpAddress& address, Host& host, FindingSink& out);

    std::uint64_t most_ = 0;
    std::uint64_t most_of_a_day_ = 0;
    std::vector<IpNetwork> allowed_;
    std::vector<IpNetwork> ours_;
    Bins bins_;
    LruTable<IpAddress, Host> hosts_;
    LruTable<AddressPair, Peer> peers_;
    LruTable<std::string, Volume> told_;  // of connections that last: "capture position"
    StateClock clock_;
};

}  // namespace kentongan::anomaly
