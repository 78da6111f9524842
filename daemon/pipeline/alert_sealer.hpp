#pragma once
// AlertSealer: puts what becomes of alerts into the history, in the transaction that makes it true.
#include <map>
#include <string>
#include <unordered_map>

#include "daemon/ledger/entry.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// Every JSON of an alert that is stored has an entry with its salted hash. Alerts that only grew,
/// and of which nobody is told, share one. An alert's salt is made with its first entry here and
/// kept while it is open; after a restart it gets another, which does no harm. Lives on the loop.
class AlertSealer {
  public:
    struct Change {
        bool created = false;
        bool escalated = false;
        bool closed = false;
    };
    /// `alert` is about to be stored by `batch`; answers its JSON, which is to be stored as it is.
    /// `deliveries` go into the outbox with it.
    [[nodiscard]] std::string seal(const Alert& alert, Change change, Timestamp now,
                                   AlertBatch& batch,
                                   const std::vector<NewDelivery>& deliveries = {});
    /// Adds the entries of those that only grew.
    void finish(Timestamp now, AlertBatch& batch);

  private:
    std::unordered_map<std::string, std::string> salts_;  // of open alerts
    std::map<std::string, std::string> grown_;            // id -> hash
};

}  // namespace kentongan
