#pragma once
// AlertStore: the durable record of alerts, of what each agency still has to get, and of how far
// each source was read. Blocking; called only on the store's thread.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alert/alert.hpp"
#include "daemon/base/error.hpp"

namespace kentongan {

/// A message to be delivered to one destination; `body` is final and stays byte for byte the same
/// over retries.
struct NewDelivery {
    std::string destination;
    std::string type;  ///< alert.created or alert.updated
    std::string body;
};

/// One alert to insert, or to replace when its id is there already.
struct AlertWrite {
    Alert alert;
    std::vector<NewDelivery> deliveries;
};

/// One transaction: all of it or nothing.
struct AlertBatch {
    std::vector<AlertWrite> alerts;
    std::map<std::string, std::string> bookmarks;  ///< source -> state
};

struct AlertQuery {
    std::optional<Severity> at_least;
    std::string ruleset;  ///< empty: any
    std::string rule_id;
    std::string agency;
    std::optional<Timestamp> since;  ///< first_seen at or after
    std::optional<Timestamp> until;  ///< first_seen before
    bool newest_first = true;
    std::size_t limit = 100;  ///< 1 to 1,000
};

struct StoredAlert {
    std::int64_t sequence = 0;  ///< order of insertion, from 1, never reused
    std::string json;           ///< as to_json(Alert)
};

struct AlertPage {
    std::vector<StoredAlert> alerts;
    std::optional<std::int64_t> next;  ///< give it as `after` for the page that follows
};

class AlertStore {
  public:
    virtual ~AlertStore() = default;
    /// All or nothing; once it returns, the batch survives power loss.
    virtual Result<> commit(const AlertBatch& batch) = 0;
    /// One page in sequence order; `after` is a sequence number from a page before.
    virtual Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) = 0;
    virtual Result<std::optional<StoredAlert>> get(const std::string& id) = 0;
    /// Alerts last seen at or after `since`, oldest first: what the desk goes on merging into.
    virtual Result<std::vector<Alert>> open_alerts(Timestamp since) = 0;
    virtual Result<std::map<std::string, std::string>> bookmarks() = 0;
    virtual Result<std::uint64_t> count() = 0;
};

/// One message waiting for one destination.
struct Delivery {
    std::int64_t sequence = 0;  ///< order within the destination; the webhook-id is made of it
    std::string alert_id;
    std::string destination;
    std::string type;
    std::string body;
    int attempts = 0;
    Timestamp created{};
};

/// What came of an attempt.
struct DeliveryOutcome {
    std::int64_t sequence = 0;
    enum class State { delivered, retry, dead } state = State::retry;
    std::string detail;  ///< the receipt (status and answer), or the reason of the failure
    Timestamp at{};
};

struct DeliveryStatus {
    std::string destination;
    std::uint64_t delivered = 0;
    std::uint64_t pending = 0;
    std::uint64_t dead = 0;
    std::optional<Timestamp> oldest_pending;
    std::optional<Timestamp> last_delivered;
    std::string last_error;  ///< of the newest failed attempt; empty when the newest went well
};

/// The outbox; filled by AlertStore::commit in the same transaction as the alerts.
class Outbox {
  public:
    virtual ~Outbox() = default;
    /// The oldest waiting messages of a destination, in order.
    virtual Result<std::vector<Delivery>> pending(const std::string& destination,
                                                  std::size_t limit) = 0;
    virtual Result<> settle(const std::vector<DeliveryOutcome>& outcomes) = 0;
    virtual Result<std::vector<DeliveryStatus>> status() = 0;
    /// Puts the dead messages of a destination back in the queue; how many.
    virtual Result<std::uint64_t> revive(const std::string& destination) = 0;
};

}  // namespace kentongan
