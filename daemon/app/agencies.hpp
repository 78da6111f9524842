#pragma once
// Agencies: one delivery worker and one webhook each, so that none waits for another.
#include <boost/json/array.hpp>
#include <memory>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/deliver/delivery_worker.hpp"
#include "daemon/deliver/webhook_channel.hpp"

namespace kentongan {

class Agencies {
  public:
    /// Opens the webhook of every enabled [delivery.NAME]. Error: the first whose URL, key or CA
    /// file is wrong.
    [[nodiscard]] static Result<std::unique_ptr<Agencies>> open(
        const NamedTables<DeliverySettings>& settings, Outbox& outbox, asio::any_io_executor loop,
        asio::any_io_executor store, Metrics& metrics, const Clock& clock);

    void start(TaskGroup& group);
    void notify();
    /// Key files again; every failure named, the old keys of that agency stay.
    [[nodiscard]] Result<> reload_keys();
    [[nodiscard]] bool knows(const std::string& agency) const;
    /// [{"agency","state","attention"}]
    [[nodiscard]] boost::json::array status() const;

  private:
    struct Agency {
        std::string name;
        std::unique_ptr<WebhookChannel> channel;
        std::unique_ptr<DeliveryWorker> worker;
    };
    std::vector<Agency> agencies_;
};

}  // namespace kentongan
