// The entries of the history in SQLite.
#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

Result<std::uint64_t> SqliteAlertStore::entry_count() {
    // AUTOINCREMENT within transactions leaves no holes, so the last one counts them.
    const auto last = database_->number("SELECT max(sequence) FROM entries");
    if (!last) return std::unexpected(last.error());
    return static_cast<std::uint64_t>(*last);
}

Result<std::vector<std::string>> SqliteAlertStore::entries(std::uint64_t from, std::size_t limit) {
    auto cursor = database_->query(
        "SELECT entry FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?", from, limit);
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<std::string> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back(cursor->text(0));
    }
}

Result<std::vector<std::uint64_t>> SqliteAlertStore::entries_about(const std::string& alert) {
    auto cursor = database_->query(
        "SELECT entry - 1 FROM alert_entries WHERE alert = "
        "(SELECT sequence FROM alerts WHERE id = ?) ORDER BY entry",
        alert);
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<std::uint64_t> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back(static_cast<std::uint64_t>(cursor->integer(0)));
    }
}

Result<> SqliteAlertStore::append(const std::vector<std::string>& entries,
                                  const std::vector<Salt>& salts) {
    return database_->transaction([&]() -> Result<> {
        if (auto kept = keep_salts(*database_, salts); !kept) return kept;
        return append_entries(*database_, entries);
    });
}

Result<std::vector<std::string>> SqliteAlertStore::salts(const std::string& subject) {
    auto cursor =
        database_->query("SELECT salt FROM salts WHERE subject = ? ORDER BY salt", subject);
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<std::string> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back(cursor->text(0));
    }
}

Result<> keep_salts(SqliteDatabase& database, const std::vector<Salt>& salts) {
    for (const auto& [subject, salt] : salts)
        if (auto put = database.run("INSERT OR IGNORE INTO salts (subject, salt) VALUES (?, ?)",
                                    subject, salt);
            !put)
            return put;
    return {};
}

Result<> append_entries(SqliteDatabase& database, const std::vector<std::string>& entries,
                        const std::vector<EntryAbout>& about) {
    for (const auto& entry : entries)
        if (auto put = database.run("INSERT INTO entries (entry) VALUES (?)", entry); !put)
            return put;
    const std::int64_t first = database.last_row() - static_cast<std::int64_t>(entries.size()) + 1;
    for (const auto& [entry, alert] : about)
        if (auto put = database.run("INSERT OR IGNORE INTO alert_entries (alert, entry) "
                                    "SELECT sequence, ? FROM alerts WHERE id = ?",
                                    first + static_cast<std::int64_t>(entry), alert);
            !put)
            return put;
    return {};
}

}  // namespace kentongan
