#pragma once
// MemoryAlertStore: the same answers as SqliteAlertStore, forgotten at the end of the process; for
// replay, for tests, and as the oracle the contract test runs beside SQLite.
#include <set>
#include <unordered_map>

#include "daemon/store/alert_search.hpp"
#include "daemon/store/entry_log.hpp"
#include "daemon/store/query/document.hpp"

namespace kentongan {

class MemoryAlertStore final : public AlertStore,
                               public Outbox,
                               public EntryLog,
                               public SearchStore {
  public:
    explicit MemoryAlertStore(const Clock& clock = system_clock()) : clock_(clock) {}

    Result<> commit(const AlertBatch& batch) override;
    Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) override;
    Result<std::optional<StoredAlert>> get(const std::string& id) override;
    Result<std::vector<Alert>> open_alerts(Timestamp since) override;
    Result<std::map<std::string, std::string>> bookmarks() override { return bookmarks_; }
    Result<std::uint64_t> count() override { return alerts_.size(); }

    std::unique_ptr<Search> search(SearchRequest request) override;
    Result<std::vector<SavedSearch>> saved_searches() override;
    Result<> save_search(const SavedSearch& search) override;
    Result<bool> forget_search(const std::string& name) override;

    Result<std::vector<Delivery>> pending(const std::string& destination,
                                          std::size_t limit) override;
    using Outbox::settle;
    Result<> settle(const std::vector<DeliveryOutcome>& outcomes, const NewEntries& told) override;
    Result<std::vector<DeliveryStatus>> status() override;
    Result<std::uint64_t> revive(const std::string& destination) override;
    Result<std::uint64_t> replay(const std::string& destination, Timestamp since,
                                 Timestamp until) override;
    Result<std::vector<DeliveryRecord>> records(const DeliveryQuery& query) override;
    Result<std::optional<DeliveryRecord>> record(std::int64_t sequence) override;

    Result<std::uint64_t> entry_count() override { return entries_.size(); }
    Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t limit) override;
    Result<std::vector<std::uint64_t>> entries_about(const std::string& alert) override;
    /// As append(); `about` counts from the first of `entries`.
    Result<> append(const std::vector<std::string>& entries, const std::vector<Salt>& salts,
                    const std::vector<EntryAbout>& about);
    using EntryLog::append;
    Result<> append(const std::vector<std::string>& entries,
                    const std::vector<Salt>& salts) override;
    Result<std::vector<std::string>> salts(const std::string& subject) override;

    /// The salts of "alert:ID" or another object; of an alert, what is in clear too.
    void erase(const std::string& object, const std::optional<Alert>& left);

    void queue(const NewDelivery& delivery, const std::string& alert_id);
    /// Every message there ever was.
    [[nodiscard]] const std::vector<DeliveryRecord>& every_delivery() const { return outbox_; }

  private:
    struct Row {
        Timestamp last_seen{};
        query::Document document;
        std::string json;
        std::uint64_t told = 0;
        Timestamp open_until{};
        bool erased = false;
    };
    [[nodiscard]] SearchAnswer answer(const SearchRequest& request) const;
    void put_page(const SearchRequest& request, SearchAnswer& out) const;
    struct Destination {
        std::set<std::int64_t> pending;  // sequences in the outbox, no heartbeats
        std::set<std::int64_t> dead;
        std::int64_t heartbeat = 0;  // the one that waits
        DeliveryStatus totals;
    };
    void settle_one(const DeliveryOutcome& outcome);
    [[nodiscard]] DeliveryRecord& entry(std::int64_t sequence) {
        return outbox_[static_cast<std::size_t>(sequence - 1)];
    }

    const Clock& clock_;
    std::vector<Row> alerts_;  // the sequence is the index + 1
    std::unordered_map<std::string, std::size_t> by_id_;
    std::map<std::string, std::string> bookmarks_;
    std::map<std::string, SavedSearch> saved_;
    std::vector<std::string> entries_;
    std::map<std::string, std::vector<std::uint64_t>> about_;
    std::map<std::string, std::set<std::string>> salts_;
    std::vector<DeliveryRecord> outbox_;  // the sequence is the index + 1
    std::map<std::string, Destination> destinations_;
};

}  // namespace kentongan
