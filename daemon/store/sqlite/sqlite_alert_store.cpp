#include "daemon/store/sqlite/sqlite_alert_store.hpp"

#include <boost/json.hpp>

#include "daemon/base/logging.hpp"
#include "daemon/store/sqlite/open_alerts.hpp"
#include "daemon/store/sqlite/schema.hpp"

namespace kentongan {

namespace {

std::string in_lines(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out.append(name).append("\n");
    return out;
}

Result<Alert> parse_alert(const std::string& json) {
    boost::system::error_code problem;
    const auto value = boost::json::parse(json, problem);
    if (problem) return fail(ErrorCode::data, "{}", problem.message());
    return alert_from_json(value);
}

}  // namespace

Result<std::unique_ptr<SqliteAlertStore>> SqliteAlertStore::open(const std::string& path, Mode mode,
                                                                 const Clock& clock) {
    auto database = SqliteDatabase::open(path, mode);
    if (!database) return std::unexpected(database.error());
    if (auto sound = check_integrity(**database); !sound) return std::unexpected(sound.error());
    auto ready =
        mode == Mode::read_write ? migrate(**database) : require_current_schema(**database);
    if (!ready) return std::unexpected(ready.error());
    std::unique_ptr<SqliteAlertStore> store{new SqliteAlertStore(std::move(*database), clock)};
    auto searchable =
        mode == Mode::read_write ? store->index_.catch_up() : store->index_.count_missing();
    if (!searchable) return std::unexpected(searchable.error());
    return store;
}

SqliteAlertStore::~SqliteAlertStore() {
    if (auto done = index_.catch_up(); !done)
        logging::warning("what was stored last is searchable after the next start",
                         {{"reason", done.error().message}});
}

Result<> SqliteAlertStore::commit(const AlertBatch& batch) {
    NewAlerts inserted;
    auto work = [&] { return write(batch, inserted); };
    auto done = database_->transaction(work);
    if (!done) index_.forget();
    if (done && count_)
        for (const auto& [severity, alerts] : inserted) *count_ += alerts;
    return done;
}

Result<bool> SqliteAlertStore::tidy() {
    if (index_.waiting() == 0) return false;
    if (auto written = index_.write_some(); !written) return std::unexpected(written.error());
    return index_.waiting() > 0;
}

Result<> SqliteAlertStore::write(const AlertBatch& batch, NewAlerts& inserted) {
    AddedByName added;
    for (const auto& [alert, deliveries, json] : batch.alerts) {
        const auto sequence = write_alert(
            alert, json.empty() ? boost::json::serialize(to_json(alert)) : json, inserted);
        if (!sequence) return std::unexpected(sequence.error());
        if (*sequence < 0) continue;  // erased: it stays so
        if (auto put = write_deliveries(*sequence, deliveries, added); !put) return put;
    }
    if (auto counted = count_new_alerts(*database_, inserted); !counted) return counted;
    if (auto counted = count_added(added); !counted) return counted;
    if (auto put = write_messages(batch.messages); !put) return put;
    for (const auto& [source, state] : batch.bookmarks)
        if (auto put = database_->run("INSERT INTO bookmarks (source, state) VALUES (?, ?) "
                                      "ON CONFLICT (source) DO UPDATE SET state = excluded.state",
                                      source, state);
            !put)
            return put;
    if (auto kept = keep_salts(*database_, batch.salts); !kept) return kept;
    if (auto put = append_entries(*database_, batch.entries, batch.about); !put) return put;
    return index_.keep_up();
}

Result<std::int64_t> SqliteAlertStore::write_alert(const Alert& alert, const std::string& json,
                                                   NewAlerts& inserted) {
    const auto known = database_->number(
        "SELECT iif(erased, -sequence, sequence) FROM alerts WHERE id = ?", alert.id);
    if (!known || *known < 0) return known;
    if (*known == 0) {
        const auto made = insert_alert(alert, json);
        if (made) ++inserted[alert.severity];
        return made;
    }
    const std::int64_t sequence = *known;
    auto replaced = database_->run(
        "UPDATE alerts SET severity = ?, ruleset = ?, rule_id = ?, first_seen = ?, last_seen = ?, "
        "agencies = ?, json = ?, suppressed = ?, told = ?, open_until = ? WHERE sequence = ?",
        static_cast<int>(alert.severity), name_of(alert.rule->ruleset), alert.rule->id,
        to_nanoseconds(alert.first_seen), to_nanoseconds(alert.last_seen), in_lines(alert.agencies),
        json, alert.suppressed, static_cast<std::int64_t>(alert.told),
        to_nanoseconds(alert.open_until), sequence);
    if (!replaced) return std::unexpected(replaced.error());
    if (auto found = index_.replace(sequence, alert); !found) return std::unexpected(found.error());
    return sequence;
}

Result<std::int64_t> SqliteAlertStore::insert_alert(const Alert& alert, const std::string& json) {
    auto put = database_->run(
        "INSERT INTO alerts (id, severity, ruleset, rule_id, first_seen, last_seen, agencies, "
        "json, suppressed, told, open_until) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        alert.id, static_cast<int>(alert.severity), name_of(alert.rule->ruleset), alert.rule->id,
        to_nanoseconds(alert.first_seen), to_nanoseconds(alert.last_seen), in_lines(alert.agencies),
        json, alert.suppressed, static_cast<std::int64_t>(alert.told),
        to_nanoseconds(alert.open_until));
    if (!put) return std::unexpected(put.error());
    const std::int64_t sequence = database_->last_row();
    index_.add(sequence, alert);
    return sequence;
}

Result<std::optional<StoredAlert>> SqliteAlertStore::get(const std::string& id) {
    auto cursor = database_->query("SELECT sequence, json FROM alerts WHERE id = ?", id);
    if (!cursor) return std::unexpected(cursor.error());
    const auto row = cursor->next();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return StoredAlert{cursor->integer(0), cursor->text(1)};
}

Result<std::vector<Alert>> SqliteAlertStore::open_alerts(Timestamp since) {
    auto cursor = database_->query(
        "SELECT json, id, told, open_until FROM alerts WHERE sequence IN ("
        "SELECT sequence FROM alerts INDEXED BY alerts_by_last_seen WHERE last_seen >= ?1 UNION "
        "SELECT sequence FROM alerts INDEXED BY alerts_by_open_until "
        "WHERE open_until > 0 AND open_until >= ?1) AND erased = 0 ORDER BY sequence",
        to_nanoseconds(since));
    if (!cursor) return std::unexpected(cursor.error());
    std::vector<Alert> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        auto alert = parse_alert(cursor->text(0));
        if (!alert)
            return database_->damaged("alert " + cursor->text(1) + ": " + alert.error().message);
        alert->told = static_cast<std::uint64_t>(cursor->integer(2));
        alert->open_until = from_nanoseconds(cursor->integer(3));
        out.push_back(std::move(*alert));
    }
}

Result<std::map<std::string, std::string>> SqliteAlertStore::bookmarks() {
    auto cursor = database_->query("SELECT source, state FROM bookmarks");
    if (!cursor) return std::unexpected(cursor.error());
    std::map<std::string, std::string> out;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.emplace(cursor->text(0), cursor->text(1));
    }
}

Result<std::uint64_t> SqliteAlertStore::count() {
    if (!count_) {
        const auto counted = database_->number("SELECT count(*) FROM alerts");
        if (!counted) return std::unexpected(counted.error());
        count_ = static_cast<std::uint64_t>(*counted);
    }
    return *count_;
}

}  // namespace kentongan
