#pragma once
// AlertmanagerChannel: alerts to every member of an Alertmanager cluster (API v2), and again and
// again while they fire, for Alertmanager keeps them in memory only.
#include <memory>

#include "daemon/base/time.hpp"
#include "daemon/deliver/delivery_channel.hpp"
#include "daemon/deliver/net/peer.hpp"

namespace kentongan {

struct AlertmanagerSettings {
    std::vector<std::string> urls{};  ///< http(s)://HOST:9093, one a member
    PeerSettings peer{};
    std::chrono::milliseconds again{100'000};  ///< a third of Alertmanager's resolve_timeout
    std::chrono::seconds resolved_for{300};    ///< how long an ended alert is told of
    std::size_t most = 10'000;                 ///< alerts that are kept to be told again
};

class AlertmanagerChannel final : public DeliveryChannel {
  public:
    static Result<std::unique_ptr<AlertmanagerChannel>> open(asio::any_io_executor executor,
                                                             const AlertmanagerSettings& settings,
                                                             const Clock& clock = system_clock());
    ~AlertmanagerChannel() override;

    /// To all members at the same state; one that took it is enough, the others get it from tend().
    /// The receipt is the first refusal when none took it.
    Task<Result<Receipt>> deliver(Delivery message) override;
    Result<Swap> reread() override;
    Task<> tend() override;

    /// Alerts that are told again.
    [[nodiscard]] std::size_t remembered() const;
    /// Those that were forgotten early, for there were too many.
    [[nodiscard]] std::uint64_t evicted() const;
    /// One round of telling them; tend() does it every `again`.
    Task<> tell_again();

  private:
    struct Impl;
    explicit AlertmanagerChannel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan
