// Erasing: what was kept in clear of an alert is destroyed, in every place of the files.
#include <boost/json.hpp>

#include "daemon/store/sqlite/sqlite_alert_store.hpp"

namespace kentongan {

Result<> SqliteAlertStore::erase(const Alert& left) {
    const auto sequence = database_->number("SELECT sequence FROM alerts WHERE id = ?", left.id);
    if (!sequence) return std::unexpected(sequence.error());
    if (*sequence == 0) return fail(ErrorCode::temporary, "alert {} is not there", left.id);
    auto put =
        database_->run("UPDATE alerts SET json = ?, open_until = 0, erased = 1 WHERE sequence = ?",
                       boost::json::serialize(to_json(left)), *sequence);
    if (put) put = index_.replace(*sequence, left);
    if (put) put = index_.keep_up();
    if (put)
        put = database_->run(
            "UPDATE destinations SET (pending, dead) = (SELECT pending - count(*), dead + count(*) "
            "FROM outbox WHERE destination = destinations.id AND alert = ?1 AND state = 0) "
            "WHERE id IN (SELECT destination FROM outbox WHERE alert = ?1 AND state = 0)",
            *sequence);
    if (put)
        put = database_->run(
            "UPDATE outbox SET body = '', detail = 'erased', state = iif(state = 0, 2, state) "
            "WHERE alert = ?",
            *sequence);
    return put;
}

Result<> SqliteAlertStore::erasing(const std::function<Result<>()>& work) {
    if (auto set = database_->script("PRAGMA secure_delete = ON"); !set) return set;
    auto done = database_->transaction(work);
    if (!done) index_.forget();
    if (done)
        if (auto overwritten = overwrite_free_places(); !overwritten)
            done = std::unexpected(overwritten.error().within(
                "erased, but old copies may be left in free places of the file; erase again"));
    if (auto set = database_->script("PRAGMA secure_delete = OFF"); !set) return set;
    return done;
}

/// Earlier versions of a row were freed when it grew, without being overwritten.
Result<> SqliteAlertStore::overwrite_free_places() {
    for (const auto* step : {"INSERT INTO search_index (search_index) VALUES ('optimize')",
                             // A copy of the whole file does not belong into memory.
                             "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY",
                             "PRAGMA wal_checkpoint(TRUNCATE)"})
        if (auto done = database_->script(step); !done) return done;
    return {};
}

}  // namespace kentongan
