#pragma once
// Four agencies' webhooks on a thread of their own; what each accepted can be asked for at any
// time.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/async/loop_thread.hpp"
#include "daemon/drill/webhook_receiver.hpp"

namespace kentongan {

/// Used by the test's thread.
class AgenciesUnderTest {
  public:
    /// A message that an agency acknowledged.
    struct Message {
        std::string webhook_id;
        std::string alert_id;
        std::string type;  ///< alert.created or alert.updated
        std::string body;
        std::int64_t number = 0;  ///< order of arrival over all agencies, from 1
    };

    AgenciesUnderTest();
    ~AgenciesUnderTest();

    static const std::vector<std::string>& names();  ///< kpu, bssn, polri, brin
    [[nodiscard]] std::string url(const std::string& agency) const;
    /// whsk_…, for the daemon.
    [[nodiscard]] static std::string secret(const std::string& agency);

    void down(const std::string& agency);
    void up(const std::string& agency);
    void usually(const std::string& agency, const ReceiverAnswer& answer);

    /// In order of arrival, repetitions included.
    [[nodiscard]] std::vector<Message> accepted(const std::string& agency) const;
    /// How many different messages.
    [[nodiscard]] std::size_t distinct(const std::string& agency) const;
    /// How many alerts it was told of.
    [[nodiscard]] std::size_t alerts(const std::string& agency) const;

  private:
    struct Inbox {
        std::vector<Message> messages;
        std::map<std::string, std::size_t> by_webhook_id;
        std::size_t created = 0;
    };
    void take(const std::string& agency, const ReceivedMessage& received);
    void on_loop(const std::function<void()>& work);

    mutable std::mutex mutex_;
    std::map<std::string, Inbox> inboxes_;
    std::int64_t arrived_ = 0;
    LoopThread thread_{"agencies"};
    std::map<std::string, std::unique_ptr<WebhookReceiver>> receivers_;
};

}  // namespace kentongan
