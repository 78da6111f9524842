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
#include "daemon/store/entry_log.hpp"
#include "daemon/store/query/expression.hpp"

namespace kentongan {

/// In which order a destination gets what waits: all of a lane before the next one's, within a lane
/// in the order of commits.
enum class Urgency { critical = 0, usual = 1, heartbeat = 2 };

/// A message to be delivered to one destination; `body` is final and stays byte for byte the same
/// over retries.
struct NewDelivery {
    std::string destination;
    std::string type;  ///< alert.created, alert.updated, alert.resolved, heartbeat, figures.daily
    std::string body;
    Urgency lane = Urgency::usual;
};

/// One alert to insert, or to replace when its id is there already.
struct AlertWrite {
    Alert alert;
    std::vector<NewDelivery> deliveries;
    /// serialize(to_json(alert)) where it was made already; empty: the store makes it.
    std::string json{};
};

/// One transaction: all of it or nothing.
struct AlertBatch {
    std::vector<AlertWrite> alerts;
    std::map<std::string, std::string> bookmarks;  ///< source -> state
    std::vector<std::string> entries;              ///< of the history (EntryLog), in order
    std::vector<Salt> salts;                       ///< of what the entries speak of
    std::vector<EntryAbout> about{};               ///< which entries are about which alerts
    /// Of no alert: heartbeats and figures. A new heartbeat takes the place of one that still waits
    /// for the same destination, and is in no count.
    std::vector<NewDelivery> messages{};
};

struct AlertQuery {
    query::Expression where{};  ///< everything, unless it says less
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
    /// Does some of the work that commits left for a quiet moment, a tenth of a second at most or
    /// so; true while there is more. What is not done is done when it is needed.
    virtual Result<bool> tidy() { return false; }
    /// One page in sequence order; `after` is a sequence number from a page before.
    virtual Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) = 0;
    virtual Result<std::optional<StoredAlert>> get(const std::string& id) = 0;
    /// Alerts last seen, or open by their own word, at or after `since`, oldest first: what the
    /// desk goes on merging into.
    virtual Result<std::vector<Alert>> open_alerts(Timestamp since) = 0;
    virtual Result<std::map<std::string, std::string>> bookmarks() = 0;
    virtual Result<std::uint64_t> count() = 0;
};

/// One message waiting for one destination.
struct Delivery {
    std::int64_t sequence = 0;  ///< order within the destination; the webhook-id is made of it
    std::string alert_id;       ///< "heartbeat" or "figures" for what is of no alert
    std::string destination;
    std::string type;
    std::string body;
    int attempts = 0;
    Timestamp created{};  ///< when it was queued: its age counts from then
    Urgency lane = Urgency::usual;
};

/// The id a message bears in every attempt, and no other message does: receivers key on it.
[[nodiscard]] std::string message_id(const std::string& alert_id, std::int64_t sequence,
                                     const std::string& destination);

/// What came of an attempt.
struct DeliveryOutcome {
    std::int64_t sequence = 0;
    enum class State { delivered, retry, dead } state = State::retry;
    std::string detail;  ///< the receipt (status and answer), or the reason of the failure
    Timestamp at{};
    Urgency lane = Urgency::usual;  ///< of the message
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

/// Which messages of the outbox are asked for.
struct DeliveryQuery {
    enum class State { any, pending, delivered, dead } state = State::any;
    std::string destination;  ///< empty: any
    std::string alert_id;     ///< empty: any
    std::int64_t before = 0;  ///< sequences below; 0: from the newest on
    std::size_t limit = 100;  ///< 1 to 1,000
};

/// A message and what became of it: the receipt that is kept.
struct DeliveryRecord {
    Delivery message;  ///< its body only when one message is asked for
    DeliveryQuery::State state = DeliveryQuery::State::pending;
    Timestamp committed{};
    std::optional<Timestamp> settled;  ///< the newest attempt
    std::string detail;                ///< what was answered, or why it failed
};

/// The outbox; filled by AlertStore::commit in the same transaction as the alerts.
class Outbox {
  public:
    virtual ~Outbox() = default;
    /// The oldest waiting messages of a destination, by lane and in order; `limit` of each lane.
    virtual Result<std::vector<Delivery>> pending(const std::string& destination,
                                                  std::size_t limit) = 0;
    /// `told`: what the history says of them. All of it or nothing.
    virtual Result<> settle(const std::vector<DeliveryOutcome>& outcomes,
                            const NewEntries& told) = 0;
    [[nodiscard]] Result<> settle(const std::vector<DeliveryOutcome>& outcomes) {
        return settle(outcomes, {});
    }
    virtual Result<std::vector<DeliveryStatus>> status() = 0;
    /// Puts the dead messages of a destination back in the queue; how many.
    virtual Result<std::uint64_t> revive(const std::string& destination) = 0;
    /// Queues again what was committed for a destination from `since` to before `until` and is
    /// delivered or dead, with the same ids; how many.
    virtual Result<std::uint64_t> replay(const std::string& destination, Timestamp since,
                                         Timestamp until) = 0;
    /// Messages, newest first, without bodies and heartbeats.
    virtual Result<std::vector<DeliveryRecord>> records(const DeliveryQuery& query) = 0;
    /// One message with its body; nothing when there is none.
    virtual Result<std::optional<DeliveryRecord>> record(std::int64_t sequence) = 0;
};

}  // namespace kentongan
