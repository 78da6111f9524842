#pragma once
// TaxiiChannel: STIX objects into a collection of a TAXII 2.1 server, and its word on what became
// of them.
#include <memory>

#include "daemon/deliver/delivery_channel.hpp"
#include "daemon/deliver/net/peer.hpp"

namespace kentongan {

struct TaxiiSettings {
    std::string url{};  ///< https://HOST/ROOT/collections/ID/objects/
    PeerSettings peer{};
    std::string user{};
    std::string password_file{};
    int polls = 6;                              ///< of a status that is pending
    std::chrono::milliseconds first_poll{500};  ///< doubles each time
};

class TaxiiChannel final : public DeliveryChannel {
  public:
    static Result<std::unique_ptr<TaxiiChannel>> open(asio::any_io_executor executor,
                                                      const TaxiiSettings& settings);
    ~TaxiiChannel() override;

    /// 200 once the server has added all objects, 422 when it refuses one, 503 while it is not done
    /// after the last poll: adding the same objects again changes nothing.
    Task<Result<Receipt>> deliver(Delivery message) override;
    Result<Swap> reread() override;

  private:
    struct Impl;
    explicit TaxiiChannel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan
