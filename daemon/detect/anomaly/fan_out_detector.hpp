#pragma once
// Finds hosts that spread to new peers inside (X08), and ports that begin to answer (X07).
#include <vector>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/state.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// From conn events between hosts of ours:
/// - fan-out: a source that connects to five peers on administration ports (SSH, SMB, RPC, RDP,
///   WinRM, databases) within 10 minutes to whom it never did in 30 days. Hosts in
///   `management_hosts` are left out, and so is the first hour in which a sensor sees anything:
///   then every peer is new;
/// - new service: a host, seen for a day, that answers on a port below 32768 which it did not
///   answer on for 30 days. Told once.
/// What is known is forgotten after 30 days without use. Up to 64 new peers are held for a source.
class FanOutDetector final : public Detector {
  public:
    explicit FanOutDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.fan-out"; }
    [[nodiscard]] bool wants(EventKind kind) const override { return kind == EventKind::conn; }
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    /// Who knows whom, and which services are known.
    [[nodiscard]] std::optional<std::string> checkpoint() override;
    [[nodiscard]] Result<> restore(std::string_view state) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return pairs_.size() + services_.size(); }

  private:
    struct Peer {
        IpAddress address;
        Timestamp met{};
    };
    struct Source {
        std::vector<Peer> fresh;  // met within the window
    };

    bool restore_line(std::string_view section, StateLine line);
    [[nodiscard]] bool is_ours(const IpAddress& address) const;
    void meet(const Event& event, const AddressPair& pair, std::int64_t port, FindingSink& out);
    void answered(const Event& event, const Endpoint& service, FindingSink& out);

    std::vector<IpNetwork> ours_;
    std::vector<IpNetwork> management_;
    Timestamp begun_ = Timestamp::max();  // of the first connection seen
    LruTable<AddressPair, bool> pairs_;
    LruTable<IpAddress, Source> sources_;
    LruTable<IpAddress, Timestamp> hosts_;  // since when each has answered anybody
    LruTable<Endpoint, bool> services_;
    FindingEpisodes episodes_;
    StateClock clock_;
};

}  // namespace kentongan::anomaly
