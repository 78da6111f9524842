#pragma once
// SqliteAlertStore: alerts, outbox and bookmarks in one SQLite file that a single process holds.
// WAL with synchronous=FULL: what commit() returned survives power loss. One thread at a time.
#include <functional>
#include <memory>

#include "daemon/store/alert_search.hpp"
#include "daemon/store/entry_log.hpp"
#include "daemon/store/noise.hpp"
#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/sqlite/search_index.hpp"

namespace kentongan {

/// Within a transaction of the caller's.
[[nodiscard]] Result<> append_entries(SqliteDatabase& database,
                                      const std::vector<std::string>& entries,
                                      const std::vector<EntryAbout>& about = {});

/// The same.
[[nodiscard]] Result<> keep_salts(SqliteDatabase& database, const std::vector<Salt>& salts);

class SqliteAlertStore final : public AlertStore,
                               public Outbox,
                               public EntryLog,
                               public NoiseReader,
                               public SearchStore {
  public:
    using Mode = SqliteDatabase::Mode;

    /// Opens (read_write: creates, migrates) and checks the file. Errors: unavailable while another
    /// process holds it; data when it is damaged, another program's, or newer than this program;
    /// permission, no_input, io. `clock` gives a delivery its creation time and outlives the store.
    static Result<std::unique_ptr<SqliteAlertStore>> open(const std::string& path, Mode mode,
                                                          const Clock& clock = system_clock());

    /// On an error nothing of the batch is there, and the next commit may work (a disk that has
    /// room again), except after a failed fsync: from then on every call gives that error.
    Result<> commit(const AlertBatch& batch) override;
    Result<bool> tidy() override;
    Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) override;
    Result<std::optional<StoredAlert>> get(const std::string& id) override;
    Result<std::vector<Alert>> open_alerts(Timestamp since) override;
    Result<std::map<std::string, std::string>> bookmarks() override;
    Result<std::uint64_t> count() override;

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

    /// Makes searchable what waits for it.
    ~SqliteAlertStore() override;

    /// Stores what is left of an alert; its messages lose their bodies. Within erasing().
    Result<> erase(const Alert& left);
    /// Runs `work` in a transaction, then overwrites what it deleted wherever the files still hold
    /// it: freed places, the index of words, the write-ahead log.
    Result<> erasing(const std::function<Result<>()>& work);

    /// Queues messages about an alert, within a transaction. temporary: there is no such alert.
    Result<> queue(const std::string& alert, const std::vector<NewDelivery>& messages);

    /// For the parts of the store that are files of their own.
    [[nodiscard]] SqliteDatabase& database() { return *database_; }

    Result<std::uint64_t> entry_count() override;
    Result<std::vector<std::string>> entries(std::uint64_t from, std::size_t limit) override;
    Result<std::vector<std::uint64_t>> entries_about(const std::string& alert) override;
    using EntryLog::append;
    Result<> append(const std::vector<std::string>& entries,
                    const std::vector<Salt>& salts) override;
    Result<std::vector<std::string>> salts(const std::string& subject) override;

    Result<std::vector<RuleNoise>> noise(Timestamp since) override;
    Result<std::vector<RuleFiring>> firings() override;

  private:
    SqliteAlertStore(std::unique_ptr<SqliteDatabase> database, const Clock& clock)
        : database_(std::move(database)), index_(*database_), clock_(clock) {}

    using NewAlerts = std::map<Severity, std::uint64_t>;
    Result<> write(const AlertBatch& batch, NewAlerts& inserted);
    Result<std::int64_t> write_alert(const Alert& alert, const std::string& json,
                                     NewAlerts& inserted);
    Result<std::int64_t> insert_alert(const Alert& alert, const std::string& json);
    struct Added {
        std::int64_t destination = 0;
        std::int64_t messages = 0;
    };
    /// What a batch adds to each destination, by name.
    using AddedByName = std::map<std::string, Added>;
    Result<> write_deliveries(std::int64_t alert, const std::vector<NewDelivery>& deliveries,
                              AddedByName& added);
    Result<> count_added(const AddedByName& added);
    Result<> write_messages(const std::vector<NewDelivery>& messages);
    Result<> pending_in(const std::string& destination, Urgency lane, std::size_t limit,
                        std::vector<Delivery>& out);
    Result<std::int64_t> destination_id(const std::string& name);
    Result<> settle_one(const DeliveryOutcome& outcome);
    Result<> overwrite_free_places();

    std::unique_ptr<SqliteDatabase> database_;
    SearchIndex index_;
    const Clock& clock_;
    std::optional<std::uint64_t> count_;
};

}  // namespace kentongan
