#pragma once
// An alert store and an outbox in memory, only as good as the API's tests need them.
#include <boost/json.hpp>
#include <stdexcept>
#include <thread>

#include "daemon/store/memory/memory_alert_store.hpp"
#include "daemon/store/noise.hpp"

namespace kentongan {

/// Checks that it is only ever called on one thread.
class FakeStore final : public AlertStore, public Outbox, public SearchStore, public NoiseReader {
  public:
    std::atomic<bool> failing = false;
    std::vector<DeliveryStatus> destinations;
    std::string partial;  ///< why answers are not all, if it is not empty

    /// Before the server runs, or on the store's thread.
    std::int64_t add(Alert alert) {
        const auto sequence = static_cast<std::int64_t>(memory_.count().value()) + 1;
        alert.id = fmt::format("01J{:023}", sequence);
        AlertBatch batch;
        batch.alerts.push_back({std::move(alert), {}});
        (void)memory_.commit(batch);
        return sequence;
    }

    Result<> commit(const AlertBatch& batch) override {
        for (const AlertWrite& write : batch.alerts) add(write.alert);
        return {};
    }
    Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) override {
        if (auto failure = check()) return std::unexpected(*failure);
        return memory_.find(query, after);
    }
    Result<std::optional<StoredAlert>> get(const std::string& id) override {
        if (auto failure = check()) return std::unexpected(*failure);
        return memory_.get(id);
    }
    std::unique_ptr<Search> search(SearchRequest request) override {
        return std::make_unique<Checked>(*this, std::move(request));
    }
    Result<std::vector<SavedSearch>> saved_searches() override {
        if (auto failure = check()) return std::unexpected(*failure);
        return memory_.saved_searches();
    }
    Result<> save_search(const SavedSearch& search) override {
        if (auto failure = check()) return std::unexpected(*failure);
        return memory_.save_search(search);
    }
    Result<bool> forget_search(const std::string& name) override {
        if (auto failure = check()) return std::unexpected(*failure);
        return memory_.forget_search(name);
    }
    Result<std::vector<Alert>> open_alerts(Timestamp) override { return std::vector<Alert>{}; }
    Result<std::map<std::string, std::string>> bookmarks() override {
        return std::map<std::string, std::string>{};
    }
    Result<std::uint64_t> count() override {
        if (auto failure = check()) return std::unexpected(*failure);
        return memory_.count();
    }
    Result<std::vector<Delivery>> pending(const std::string&, std::size_t) override {
        return std::vector<Delivery>{};
    }
    Result<> settle(const std::vector<DeliveryOutcome>&, const NewEntries&) override { return {}; }
    Result<std::vector<DeliveryStatus>> status() override {
        if (auto failure = check()) return std::unexpected(*failure);
        return destinations;
    }
    Result<std::uint64_t> revive(const std::string& destination) override {
        for (DeliveryStatus& one : destinations)
            if (one.destination == destination) return one.pending += std::exchange(one.dead, 0);
        return 0;
    }

    Result<std::uint64_t> replay(const std::string& destination, Timestamp since,
                                 Timestamp until) override {
        for (DeliveryStatus& one : destinations)
            if (one.destination == destination && since < until)
                return one.pending += std::exchange(one.delivered, 0);
        return 0;
    }
    Result<std::vector<DeliveryRecord>> records(const DeliveryQuery& query) override {
        if (auto failure = check()) return std::unexpected(*failure);
        std::vector<DeliveryRecord> out;
        for (const DeliveryRecord& one : sent)
            if (query.state == DeliveryQuery::State::any || query.state == one.state)
                out.push_back(one);
        return out;
    }
    Result<std::optional<DeliveryRecord>> record(std::int64_t sequence) override {
        for (const DeliveryRecord& one : sent)
            if (one.message.sequence == sequence) return one;
        return std::nullopt;
    }
    std::vector<DeliveryRecord> sent;

    Result<std::vector<RuleNoise>> noise(Timestamp) override {
        if (auto failure = check()) return std::unexpected(*failure);
        return std::vector<RuleNoise>{};
    }
    Result<std::vector<RuleFiring>> firings() override {
        if (auto failure = check()) return std::unexpected(*failure);
        return fired;
    }
    std::vector<RuleFiring> fired;

  private:
    /// Begun on the loop, asked on the store's thread, in two steps.
    class Checked final : public Search {
      public:
        Checked(FakeStore& store, SearchRequest request)
            : store_(store), request_(std::move(request)) {}
        Result<bool> step() override {
            if (auto failure = store_.check()) return std::unexpected(*failure);
            if (!std::exchange(begun_, true)) return false;
            auto answer = answer_of(store_.memory_, request_);
            if (!answer) return std::unexpected(answer.error());
            answer_ = std::move(*answer);
            if (!store_.partial.empty()) answer_.partial = store_.partial;
            return true;
        }

      private:
        FakeStore& store_;
        SearchRequest request_;
        bool begun_ = false;
    };

    std::optional<Error> check() {
        if (thread_ == std::thread::id{}) thread_ = std::this_thread::get_id();
        if (thread_ != std::this_thread::get_id()) throw std::logic_error("another thread");
        if (failing) return Error{ErrorCode::io, "write alerts.db: disk is full"};
        return std::nullopt;
    }

    MemoryAlertStore memory_;
    std::thread::id thread_;
};

}  // namespace kentongan
