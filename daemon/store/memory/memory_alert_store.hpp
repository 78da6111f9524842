#pragma once
// MemoryAlertStore: the same answers as SqliteAlertStore, forgotten at the end of the process; for
// replay, for tests, and as the oracle the contract test runs beside SQLite.
#include <set>
#include <unordered_map>

#include "daemon/store/alert_store.hpp"

namespace kentongan {

class MemoryAlertStore final : public AlertStore, public Outbox {
  public:
    explicit MemoryAlertStore(const Clock& clock = system_clock()) : clock_(clock) {}

    Result<> commit(const AlertBatch& batch) override;
    Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) override;
    Result<std::optional<StoredAlert>> get(const std::string& id) override;
    Result<std::vector<Alert>> open_alerts(Timestamp since) override;
    Result<std::map<std::string, std::string>> bookmarks() override { return bookmarks_; }
    Result<std::uint64_t> count() override { return alerts_.size(); }

    Result<std::vector<Delivery>> pending(const std::string& destination,
                                          std::size_t limit) override;
    Result<> settle(const std::vector<DeliveryOutcome>& outcomes) override;
    Result<std::vector<DeliveryStatus>> status() override;
    Result<std::uint64_t> revive(const std::string& destination) override;

  private:
    struct Row {
        Severity severity{};
        Ruleset ruleset{};
        std::string rule_id;
        Timestamp first_seen{};
        Timestamp last_seen{};
        std::vector<std::string> agencies;
        std::string json;
    };
    struct Destination {
        std::set<std::int64_t> pending;  // sequences in the outbox
        std::set<std::int64_t> dead;
        DeliveryStatus totals;
    };
    static bool matches(const Row& row, const AlertQuery& query);
    void settle_one(const DeliveryOutcome& outcome);

    const Clock& clock_;
    std::vector<Row> alerts_;  // the sequence is the index + 1
    std::unordered_map<std::string, std::size_t> by_id_;
    std::map<std::string, std::string> bookmarks_;
    std::vector<Delivery> outbox_;  // the sequence is the index + 1
    std::map<std::string, Destination> destinations_;
};

}  // namespace kentongan
