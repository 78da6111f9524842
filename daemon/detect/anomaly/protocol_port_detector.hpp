#pragma once
// Finds protocols on ports that are not their own (X07): a tunnel, a back door, a forgotten server.
#include <span>
#include <vector>

#include "daemon/detect/anomaly/finding_episodes.hpp"
#include "daemon/detect/anomaly/options.hpp"
#include "daemon/detect/anomaly/state.hpp"
#include "daemon/detect/detector.hpp"

namespace kentongan::anomaly {

/// From the protocol events of the wire, whose network.protocol was recognised by content. Told,
/// once in 30 days for a server, a port and a protocol, when an end of the conversation is ours:
/// - a protocol on a port that belongs to another one: SSH or plain HTTP on 443, TLS on 53;
/// - on a server of ours, once a day has been learnt, a protocol on any port but its usual ones
///   where it was not spoken before.
/// The server must have answered in that protocol: a stray client, or a browser that is told that
/// it speaks plain HTTP to an HTTPS port (400), is none. TLS after STARTTLS is usual on its ports.
class ProtocolPortDetector final : public Detector {
  public:
    explicit ProtocolPortDetector(const AnomalyOptions& options);

    [[nodiscard]] std::string_view name() const override { return "anomaly.protocol-port"; }
    [[nodiscard]] bool wants(EventKind kind) const override;
    [[nodiscard]] bool picks(const Event& event) const override;
    void inspect(const Event& event, FindingSink& out) override;
    void advance(Timestamp now, FindingSink& out) override;
    [[nodiscard]] std::optional<std::string> checkpoint() override;
    [[nodiscard]] Result<> restore(std::string_view state) override;
    [[nodiscard]] std::uint64_t evicted() const override;
    [[nodiscard]] std::size_t entries() const override { return spoken_.size(); }

  private:
    [[nodiscard]] bool is_ours(const IpAddress& address) const;

    std::vector<IpNetwork> ours_;
    Timestamp begun_ = Timestamp::max();  // of the first second seen
    LruTable<std::string, bool> spoken_;  // "protocol server:port"
    StateClock clock_;
};

/// Whether the protocol, by its name in network.protocol, is usual on the port.
[[nodiscard]] bool is_usual(std::string_view protocol, std::int64_t port);
/// The protocol that the port belongs to; empty when to none in particular.
[[nodiscard]] std::string_view owner_of(std::int64_t port);

}  // namespace kentongan::anomaly
