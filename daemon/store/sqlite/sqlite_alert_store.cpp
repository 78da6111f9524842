#include "daemon/store/sqlite/sqlite_alert_store.hpp"

#include <boost/json.hpp>

#include "daemon/base/text.hpp"
#include "daemon/store/sqlite/alert_select.hpp"
#include "daemon/store/sqlite/schema.hpp"

namespace kentongan {

namespace {

constexpr std::int64_t kSmallWindow = 5000;  // alerts that are quicker sorted than walked past

std::string in_lines(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out.append(name).append("\n");
    return out;
}

Result<SqliteCursor> start(SqliteDatabase& database, const AlertSelect& select) {
    auto cursor = database.query(select.sql);
    int index = 0;
    if (cursor)
        for (const auto& value : select.values)
            std::visit([&](const auto& v) { cursor->bind(++index, v); }, value);
    return cursor;
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
    return std::unique_ptr<SqliteAlertStore>{new SqliteAlertStore(std::move(*database), clock)};
}

Result<> SqliteAlertStore::commit(const AlertBatch& batch) {
    std::uint64_t inserted = 0;
    auto work = [&] { return write(batch, inserted); };
    auto done = database_->transaction(work);
    if (done && count_) *count_ += inserted;
    return done;
}

Result<> SqliteAlertStore::write(const AlertBatch& batch, std::uint64_t& inserted) {
    AddedByName added;
    for (const auto& [alert, deliveries] : batch.alerts) {
        const auto sequence = write_alert(alert, inserted);
        if (!sequence) return std::unexpected(sequence.error());
        if (auto put = write_deliveries(*sequence, deliveries, added); !put) return put;
    }
    if (auto counted = count_added(added); !counted) return counted;
    for (const auto& [source, state] : batch.bookmarks)
        if (auto put = database_->run("INSERT INTO bookmarks (source, state) VALUES (?, ?) "
                                      "ON CONFLICT (source) DO UPDATE SET state = excluded.state",
                                      source, state);
            !put)
            return put;
    return {};
}

Result<std::int64_t> SqliteAlertStore::write_alert(const Alert& alert, std::uint64_t& inserted) {
    const std::string agencies = in_lines(alert.agencies);
    std::int64_t sequence = 0;
    std::string old_agencies;
    {
        auto known =
            database_->query("SELECT sequence, agencies FROM alerts WHERE id = ?", alert.id);
        if (!known) return std::unexpected(known.error());
        const auto row = known->next();
        if (!row) return std::unexpected(row.error());
        if (*row) {
            sequence = known->integer(0);
            old_agencies = known->text(1);
        }
    }
    if (sequence == 0) {
        const auto made = insert_alert(alert, agencies);
        if (made) ++inserted;
        return made;
    }
    auto replaced = database_->run(
        "UPDATE alerts SET severity = ?, ruleset = ?, rule_id = ?, first_seen = ?, last_seen = ?, "
        "agencies = ?, json = ? WHERE sequence = ?",
        static_cast<int>(alert.severity), name_of(alert.rule->ruleset), alert.rule->id,
        to_nanoseconds(alert.first_seen), to_nanoseconds(alert.last_seen), agencies,
        boost::json::serialize(to_json(alert)), sequence);
    if (!replaced) return std::unexpected(replaced.error());
    if (old_agencies == agencies) return sequence;
    replaced = forget_agencies(sequence, old_agencies);
    if (replaced) replaced = write_agencies(sequence, alert.agencies);
    if (!replaced) return std::unexpected(replaced.error());
    return sequence;
}

Result<std::int64_t> SqliteAlertStore::insert_alert(const Alert& alert,
                                                    const std::string& agencies) {
    auto put = database_->run(
        "INSERT INTO alerts (id, severity, ruleset, rule_id, first_seen, last_seen, agencies, "
        "json) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        alert.id, static_cast<int>(alert.severity), name_of(alert.rule->ruleset), alert.rule->id,
        to_nanoseconds(alert.first_seen), to_nanoseconds(alert.last_seen), agencies,
        boost::json::serialize(to_json(alert)));
    if (!put) return std::unexpected(put.error());
    const std::int64_t sequence = database_->last_row();
    if (auto routed = write_agencies(sequence, alert.agencies); !routed)
        return std::unexpected(routed.error());
    return sequence;
}

Result<> SqliteAlertStore::write_agencies(std::int64_t sequence,
                                          const std::vector<std::string>& agencies) {
    for (const auto& agency : agencies)
        if (auto put =
                database_->run("INSERT OR IGNORE INTO alert_agencies (agency, alert) VALUES (?, ?)",
                               agency, sequence);
            !put)
            return put;
    return {};
}

Result<> SqliteAlertStore::forget_agencies(std::int64_t sequence, std::string_view lines) {
    while (!lines.empty())
        if (auto gone = database_->run("DELETE FROM alert_agencies WHERE agency = ? AND alert = ?",
                                       take_until(lines, '\n'), sequence);
            !gone)
            return gone;
    return {};
}

Result<bool> SqliteAlertStore::window_is_small(const AlertQuery& query) {
    const AlertSelect select = count_window(query, kSmallWindow);
    if (select.sql.empty()) return false;
    auto cursor = start(*database_, select);
    if (!cursor) return std::unexpected(cursor.error());
    const auto row = cursor->next();
    if (!row) return std::unexpected(row.error());
    return cursor->integer(0) < kSmallWindow;
}

Result<AlertPage> SqliteAlertStore::find(const AlertQuery& query,
                                         std::optional<std::int64_t> after) {
    const auto small = window_is_small(query);
    if (!small) return std::unexpected(small.error());
    auto cursor = start(*database_, select_alerts(query, after, *small));
    if (!cursor) return std::unexpected(cursor.error());
    AlertPage page;
    for (;;) {
        const auto row = cursor->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return page;
        if (page.alerts.size() == page_size(query)) {
            page.next = page.alerts.back().sequence;
            return page;
        }
        page.alerts.push_back({cursor->integer(0), cursor->text(1)});
    }
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
        "SELECT json, id FROM alerts INDEXED BY alerts_by_last_seen WHERE last_seen >= ? "
        "ORDER BY sequence",
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
