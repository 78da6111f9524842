#pragma once
// SealedAlerts: a database, read to be held against the history.
#include <memory>
#include <string>

#include "daemon/ledger/seals.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

class SealedAlerts {
  public:
    /// Reads only. Errors as SqliteAlertStore::open.
    [[nodiscard]] static Result<std::unique_ptr<SealedAlerts>> open(const std::string& path);

    /// Outlived by this.
    [[nodiscard]] ledger::EntrySource entries();
    /// Feeds `seals`, which has seen `published` entries, with the rest, and checks every alert,
    /// the columns that repeat what its JSON says, every act, case, suppression and approval, and
    /// every message about an alert, what became of it, and the sums by destination. Errors: what
    /// kept us from reading.
    [[nodiscard]] Result<> check(ledger::Seals& seals, std::uint64_t published,
                                 ledger::Problems& problems);

  private:
    explicit SealedAlerts(std::unique_ptr<SqliteAlertStore> store, std::string path)
        : store_(std::move(store)), path_(std::move(path)) {}
    [[nodiscard]] Result<> check_alerts(ledger::Seals& seals, ledger::Problems& problems);
    [[nodiscard]] Result<> check_acts(ledger::Seals& seals, ledger::Problems& problems);
    [[nodiscard]] Result<> check_objects(ledger::Seals& seals, ledger::Problems& problems);
    [[nodiscard]] Result<> check_messages(ledger::Seals& seals, ledger::Problems& problems);
    [[nodiscard]] Result<> check_receipts(ledger::Seals& seals, ledger::Problems& problems);
    [[nodiscard]] Result<> check_sums(ledger::Problems& problems);

    std::unique_ptr<SqliteAlertStore> store_;
    std::string path_;
};

}  // namespace kentongan
