#pragma once
// WebhookChannel: delivers by HTTP POST as the Standard Webhooks specification says, over one
// connection that is kept alive. On the loop's thread.
#include <memory>
#include <string>

#include "daemon/base/time.hpp"
#include "daemon/deliver/delivery_channel.hpp"

namespace kentongan {

struct WebhookSettings {
    std::string url;                           ///< https, or http to a loopback address
    std::string secret_file;                   ///< keys that sign, one a line; empty: unsigned
    std::string ca_file;                       ///< PEM; empty: the system's
    std::chrono::milliseconds timeout{20000};  ///< for one attempt, from name lookup to answer
    std::string certificate_file{};            ///< ours, PEM with its chain; empty: none
    std::string key_file{};
    std::string proxy{};               ///< http://HOST:PORT; empty: straight
    std::vector<std::string> allow{};  ///< networks its address may be in
    std::string media_type = "application/json";
    bool is_signed = true;  ///< bots of others do not check signatures: false only for templates
};

class WebhookChannel final : public DeliveryChannel {
  public:
    /// Errors (config, permission, no_input) name the URL, the key file or the CA file at fault.
    static Result<std::unique_ptr<WebhookChannel>> open(asio::any_io_executor executor,
                                                        const WebhookSettings& settings,
                                                        const Clock& clock = system_clock());
    ~WebhookChannel() override;

    Task<Result<Receipt>> deliver(Delivery message) override;

    Result<Swap> reread() override;

  private:
    struct Impl;
    explicit WebhookChannel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan
