#pragma once
// DeliveryChannel: one attempt to hand one message to one destination.
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// What the destination answered, whatever it was.
struct Receipt {
    int status = 0;    ///< HTTP status, or the one that says the same
    std::string body;  ///< its first 16 KiB
    std::optional<std::chrono::seconds> retry_after;
};

/// May see a message twice (delivery is at least once); receivers key on the message's id.
class DeliveryChannel {
  public:
    virtual ~DeliveryChannel() = default;
    /// One attempt, on the loop's thread. An error when no complete answer came: no connection, a
    /// timeout, a broken answer. One call at a time.
    virtual Task<Result<Receipt>> deliver(Delivery message) = 0;
    /// Reads keys and certificates again (SIGHUP); they are in force once the answer is called.
    /// Null: there are none. An error when one of them is bad.
    using Swap = std::function<void()>;
    virtual Result<Swap> reread() { return Swap{}; }
    /// What goes on beside deliveries, until it is cancelled; none by default.
    virtual Task<> tend() { co_return; }
};

/// The webhook-id of a message: the same in every attempt, and in no other message.
[[nodiscard]] std::string message_id(const Delivery& message);

}  // namespace kentongan
