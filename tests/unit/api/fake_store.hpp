#pragma once
// An alert store and an outbox in memory, only as good as the API's tests need them.
#include <boost/json.hpp>
#include <stdexcept>
#include <thread>

#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// Checks that it is only ever called on one thread.
class FakeStore final : public AlertStore, public Outbox {
  public:
    std::atomic<bool> failing = false;
    std::vector<DeliveryStatus> destinations;

    /// Before the server runs, or on the store's thread.
    std::int64_t add(Alert alert) {
        const auto sequence = static_cast<std::int64_t>(alerts_.size()) + 1;
        alert.id = fmt::format("01J{:023}", sequence);
        alerts_.push_back({std::move(alert), sequence});
        return sequence;
    }

    Result<> commit(const AlertBatch& batch) override {
        for (const AlertWrite& write : batch.alerts) add(write.alert);
        return {};
    }
    Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) override {
        if (auto failure = check()) return std::unexpected(*failure);
        AlertPage page;
        const std::size_t size = alerts_.size();
        for (std::size_t i = 0; i < size; ++i) {
            const Entry& entry = alerts_[query.newest_first ? size - 1 - i : i];
            const bool past =
                !after || (query.newest_first ? entry.sequence < *after : entry.sequence > *after);
            if (!past || !matches(query, entry.alert)) continue;
            if (page.alerts.size() == query.limit) {
                page.next = page.alerts.back().sequence;
                break;
            }
            page.alerts.push_back(stored(entry));
        }
        return page;
    }
    Result<std::optional<StoredAlert>> get(const std::string& id) override {
        if (auto failure = check()) return std::unexpected(*failure);
        for (const Entry& entry : alerts_)
            if (entry.alert.id == id) return stored(entry);
        return std::nullopt;
    }
    Result<std::vector<Alert>> open_alerts(Timestamp) override { return std::vector<Alert>{}; }
    Result<std::map<std::string, std::string>> bookmarks() override {
        return std::map<std::string, std::string>{};
    }
    Result<std::uint64_t> count() override {
        if (auto failure = check()) return std::unexpected(*failure);
        return alerts_.size();
    }
    Result<std::vector<Delivery>> pending(const std::string&, std::size_t) override {
        return std::vector<Delivery>{};
    }
    Result<> settle(const std::vector<DeliveryOutcome>&) override { return {}; }
    Result<std::vector<DeliveryStatus>> status() override {
        if (auto failure = check()) return std::unexpected(*failure);
        return destinations;
    }
    Result<std::uint64_t> revive(const std::string& destination) override {
        for (DeliveryStatus& one : destinations)
            if (one.destination == destination) return one.pending += std::exchange(one.dead, 0);
        return 0;
    }

  private:
    struct Entry {
        Alert alert;
        std::int64_t sequence;
    };

    static StoredAlert stored(const Entry& entry) {
        return {entry.sequence, boost::json::serialize(to_json(entry.alert))};
    }
    static bool matches(const AlertQuery& query, const Alert& alert) {
        return (!query.at_least || alert.severity >= *query.at_least) &&
               (query.ruleset.empty() || query.ruleset == name_of(alert.rule->ruleset)) &&
               (query.rule_id.empty() || query.rule_id == alert.rule->id) &&
               (query.agency.empty() || std::ranges::count(alert.agencies, query.agency) > 0) &&
               (!query.since || alert.first_seen >= *query.since) &&
               (!query.until || alert.first_seen < *query.until);
    }
    std::optional<Error> check() {
        if (thread_ == std::thread::id{}) thread_ = std::this_thread::get_id();
        if (thread_ != std::this_thread::get_id()) throw std::logic_error("another thread");
        if (failing) return Error{ErrorCode::io, "write alerts.db: disk is full"};
        return std::nullopt;
    }

    std::vector<Entry> alerts_;
    std::thread::id thread_;
};

}  // namespace kentongan
