#pragma once
// SqliteAlertStore: alerts, outbox and bookmarks in one SQLite file that a single process holds.
// WAL with synchronous=FULL: what commit() returned survives power loss. One thread at a time.
#include <memory>

#include "daemon/store/alert_store.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace kentongan {

class SqliteAlertStore final : public AlertStore, public Outbox {
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
    Result<AlertPage> find(const AlertQuery& query, std::optional<std::int64_t> after) override;
    Result<std::optional<StoredAlert>> get(const std::string& id) override;
    Result<std::vector<Alert>> open_alerts(Timestamp since) override;
    Result<std::map<std::string, std::string>> bookmarks() override;
    Result<std::uint64_t> count() override;

    Result<std::vector<Delivery>> pending(const std::string& destination,
                                          std::size_t limit) override;
    Result<> settle(const std::vector<DeliveryOutcome>& outcomes) override;
    Result<std::vector<DeliveryStatus>> status() override;
    Result<std::uint64_t> revive(const std::string& destination) override;

  private:
    SqliteAlertStore(std::unique_ptr<SqliteDatabase> database, const Clock& clock)
        : database_(std::move(database)), clock_(clock) {}

    Result<> write(const AlertBatch& batch, std::uint64_t& inserted);
    Result<std::int64_t> write_alert(const Alert& alert, std::uint64_t& inserted);
    Result<std::int64_t> insert_alert(const Alert& alert, const std::string& agencies);
    Result<> write_agencies(std::int64_t sequence, const std::vector<std::string>& agencies);
    Result<> forget_agencies(std::int64_t sequence, std::string_view lines);
    struct Added {
        std::int64_t destination = 0;
        std::int64_t messages = 0;
    };
    /// What a batch adds to each destination, by name.
    using AddedByName = std::map<std::string, Added>;
    Result<> write_deliveries(std::int64_t alert, const std::vector<NewDelivery>& deliveries,
                              AddedByName& added);
    Result<> count_added(const AddedByName& added);
    Result<std::int64_t> destination_id(const std::string& name);
    Result<bool> window_is_small(const AlertQuery& query);
    Result<> settle_one(const DeliveryOutcome& outcome);

    std::unique_ptr<SqliteDatabase> database_;
    const Clock& clock_;
    std::optional<std::uint64_t> count_;
};

}  // namespace kentongan
