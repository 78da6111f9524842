// SqliteAlertStore's questions: pages, searches, and the searches that are saved.
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_search.hpp"

namespace kentongan {

Result<AlertPage> SqliteAlertStore::find(const AlertQuery& query,
                                         std::optional<std::int64_t> after) {
    SearchRequest request;
    request.where = query.where;
    request.newest_first = query.newest_first;
    request.limit = query.limit;
    request.after = after;
    request.patience = std::chrono::hours{1};  // all of it is asked for
    auto answer = answer_of(*this, std::move(request));
    if (!answer) return std::unexpected(answer.error());
    return std::move(answer->page);
}

std::unique_ptr<Search> SqliteAlertStore::search(SearchRequest request) {
    return std::make_unique<SqliteSearch>(*database_, index_, std::move(request));
}

Result<std::vector<SavedSearch>> SqliteAlertStore::saved_searches() {
    auto cursor =
        database_->query("SELECT name, owner, query, updated FROM saved_searches ORDER BY name");
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<SavedSearch> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back({cursor->text(0), cursor->text(1), cursor->text(2),
                       from_nanoseconds(cursor->integer(3))});
    }
}

Result<> SqliteAlertStore::save_search(const SavedSearch& search) {
    return database_->transaction([&]() -> Result<> {
        const auto others =
            database_->number("SELECT count(*) FROM saved_searches WHERE name <> ?", search.name);
        if (!others) return std::unexpected(others.error());
        if (*others >= static_cast<std::int64_t>(kMaximumSaved)) return too_many_searches();
        return database_->run(
            "INSERT INTO saved_searches (name, owner, query, updated) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, query = excluded.query, "
            "updated = excluded.updated",
            search.name, search.owner, search.query, to_nanoseconds(search.updated));
    });
}

Result<bool> SqliteAlertStore::forget_search(const std::string& name) {
    bool there = false;
    auto done = database_->transaction([&]() -> Result<> {
        auto gone = database_->run("DELETE FROM saved_searches WHERE name = ?", name);
        there = database_->changes() > 0;
        return gone;
    });
    if (!done) return std::unexpected(done.error());
    return there;
}

}  // namespace kentongan
