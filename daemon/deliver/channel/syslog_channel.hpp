#pragma once
// SyslogChannel: syslog over TLS (RFC 5425), TCP with counted octets (RFC 6587 §3.4.1) or UDP (RFC
// 5426). Nothing in syslog acknowledges: "delivered" means that the peer's kernel has it (TCP and
// TLS) or that it left (UDP), so what was sent in the last minute is sent again over a new
// connection. Best effort; durable agencies take webhooks.
#include <memory>

#include "daemon/deliver/delivery_channel.hpp"
#include "daemon/deliver/net/peer.hpp"

namespace kentongan {

struct SyslogSettings {
    std::string url{};  ///< tls://HOST:6514, tcp://HOST:601 or udp://HOST:514
    PeerSettings peer{};
    std::chrono::seconds again{60};                  ///< how much is sent again
    std::size_t again_bytes = std::size_t{4} << 20;  ///< and no more than so much
};

class SyslogChannel final : public DeliveryChannel {
  public:
    /// Errors (config) name the URL or the file at fault.
    static Result<std::unique_ptr<SyslogChannel>> open(asio::any_io_executor executor,
                                                       const SyslogSettings& settings);
    ~SyslogChannel() override;

    /// The body is the whole syslog message. The receipt's text says over what it went.
    Task<Result<Receipt>> deliver(Delivery message) override;
    Result<Swap> reread() override;

  private:
    struct Impl;
    explicit SyslogChannel(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace kentongan
