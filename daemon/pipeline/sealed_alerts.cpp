#include "daemon/pipeline/sealed_alerts.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/pipeline/receipts.hpp"
#include "daemon/store/triage.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

constexpr std::size_t kSlice = 4096;

/// The columns of one row, as the JSON has them.
bool columns_agree(const std::string& text, const SqliteCursor& row) {
    boost::system::error_code problem;
    const auto value = json::parse(text, problem);
    if (problem) return false;
    const auto alert = alert_from_json(value);
    std::string agencies;
    if (alert)
        for (const auto& agency : alert->agencies) agencies += agency + "\n";
    return alert && alert->id == row.text(0) &&
           static_cast<std::int64_t>(alert->severity) == row.integer(4) &&
           name_of(alert->rule->ruleset) == row.text(5) && alert->rule->id == row.text(6) &&
           to_nanoseconds(alert->first_seen) / 1'000'000 == row.integer(7) / 1'000'000 &&
           to_nanoseconds(alert->last_seen) / 1'000'000 == row.integer(8) / 1'000'000 &&
           agencies == row.text(9) && alert->suppressed == row.text(10);
}

/// Those of a case: id, JSON, open, revision.
bool case_agrees(const SqliteCursor& row) {
    boost::system::error_code problem;
    const auto value = json::parse(row.text(1), problem);
    if (problem) return false;
    const auto record = case_from_json(value);
    return record && "case:" + record->id == row.text(0) &&
           (record->closed ? 0 : 1) == row.integer(2) && record->revision == row.integer(3);
}

/// Those of an approval: id, JSON, state.
bool approval_agrees(const SqliteCursor& row) {
    boost::system::error_code problem;
    const auto value = json::parse(row.text(1), problem);
    if (problem) return false;
    const auto approval = approval_from_json(value);
    return approval && "approval:" + approval->id == row.text(0) && approval->state == row.text(2);
}

}  // namespace

Result<std::unique_ptr<SealedAlerts>> SealedAlerts::open(const std::string& path) {
    auto store = SqliteAlertStore::open(path, SqliteAlertStore::Mode::read_only);
    if (!store) return std::unexpected(store.error());
    return std::unique_ptr<SealedAlerts>{new SealedAlerts(std::move(*store), path)};
}

ledger::EntrySource SealedAlerts::entries() {
    return [this](std::uint64_t from, std::size_t limit) { return store_->entries(from, limit); };
}

Result<> SealedAlerts::check(ledger::Seals& seals, std::uint64_t published,
                             ledger::Problems& problems) {
    for (std::uint64_t at = published;;) {
        const auto more = store_->entries(at, kSlice);
        if (!more) return std::unexpected(more.error());
        if (more->empty()) break;
        for (const auto& entry : *more) seals.read(at++, entry);
    }
    if (auto checked = check_alerts(seals, problems); !checked) return checked;
    if (auto checked = check_acts(seals, problems); !checked) return checked;
    if (auto checked = check_objects(seals, problems); !checked) return checked;
    if (auto checked = check_messages(seals, problems); !checked) return checked;
    if (auto checked = check_receipts(seals, problems); !checked) return checked;
    if (auto checked = check_sums(problems); !checked) return checked;
    seals.check_dropped(problems);
    return {};
}

namespace {

template <class Check>
Result<> each_row(SqliteDatabase& database, const char* question, const Check& check) {
    auto rows = database.query(question);
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
        const auto row = rows->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return {};
        if (Result<> checked = check(*rows); !checked) return checked;
    }
}

/// Each row, with the salts of the object that its first column names.
template <class Check>
Result<> each_sealed(SqliteAlertStore& store, const char* question, const Check& check) {
    return each_row(store.database(), question, [&](auto& row) -> Result<> {
        auto salts = store.salts(row.text(0));
        if (!salts) return std::unexpected(salts.error());
        check(row, std::move(*salts));
        return {};
    });
}

}  // namespace

Result<> SealedAlerts::check_acts(ledger::Seals& seals, ledger::Problems& problems) {
    return each_sealed(
        *store_, "SELECT object, who, action, why, comment, at FROM actions ORDER BY sequence",
        [&](auto& row, auto salts) {
            seals.check(ledger::StoredAct{row.text(0), row.text(1), row.text(2),
                                          row.text(3) + "\n" + row.text(4),
                                          from_nanoseconds(row.integer(5)), std::move(salts)},
                        problems);
        });
}

Result<> SealedAlerts::check_objects(ledger::Seals& seals, ledger::Problems& problems) {
    const auto check = [&](bool (*agrees)(const SqliteCursor&)) {
        return [&, agrees](auto& row, auto salts) {
            const std::string object = row.text(0);
            if (!agrees(row))
                problems.add(
                    object.substr(0, object.find(':')),
                    fmt::format("{}: columns of its row are not those of its JSON", object));
            seals.check(ledger::StoredObject{object, row.text(1), std::move(salts)}, problems);
        };
    };
    if (auto read = each_sealed(
            *store_, "SELECT 'case:' || id, json, open, revision FROM cases ORDER BY sequence",
            check(case_agrees));
        !read)
        return read;
    if (auto read = each_sealed(
            *store_, "SELECT 'approval:' || id, json, state FROM approvals ORDER BY sequence",
            check(approval_agrees));
        !read)
        return read;
    return each_sealed(
        *store_,
        "SELECT 'suppression:' || id, id, rule_id, entity, source_ip, reason, owner, begins, "
        "expires FROM suppressions ORDER BY sequence",
        [&](auto& row, auto salts) {
            const Suppression one{.id = row.text(1),
                                  .rule_id = row.text(2),
                                  .entity = row.text(3),
                                  .source_ip = row.text(4),
                                  .reason = row.text(5),
                                  .owner = row.text(6),
                                  .begins = from_nanoseconds(row.integer(7)),
                                  .expires = from_nanoseconds(row.integer(8))};
            seals.check(ledger::StoredObject{row.text(0), sealed_text(one), std::move(salts)},
                        problems);
        });
}

Result<> SealedAlerts::check_messages(ledger::Seals& seals, ledger::Problems& problems) {
    const auto check = [&](auto& row, auto salts) {
        seals.check(ledger::StoredMessage{row.text(1), row.text(2), row.text(3), row.text(4),
                                          std::move(salts)},
                    problems);
    };
    if (auto read = each_sealed(
            *store_,
            "SELECT 'figures', 'figures', coalesce(d.name, ''), o.type, o.body FROM outbox AS o "
            "LEFT JOIN destinations AS d ON d.id = o.destination "
            "WHERE o.alert IS NULL AND o.lane < 2 ORDER BY o.sequence",
            check);
        !read)
        return read;
    return each_sealed(
        *store_,
        "SELECT 'alert:' || a.id, a.id, coalesce(d.name, ''), o.type, o.body FROM outbox AS o "
        "JOIN alerts AS a ON a.sequence = o.alert LEFT JOIN destinations AS d ON d.id = "
        "o.destination ORDER BY o.alert",
        check);
}

/// Of signs of life nothing is kept; a message about an alert is none, whatever its lane says.
Result<> SealedAlerts::check_receipts(ledger::Seals& seals, ledger::Problems& problems) {
    const auto salts = store_->salts(std::string(kReceipts));
    if (!salts) return std::unexpected(salts.error());
    return each_row(
        store_->database(),
        "SELECT o.sequence, o.state, coalesce(a.id, ''), coalesce(d.name, ''), o.settled, o.detail "
        "FROM outbox AS o LEFT JOIN alerts AS a ON a.sequence = o.alert "
        "LEFT JOIN destinations AS d ON d.id = o.destination "
        "WHERE o.lane < 2 OR o.alert IS NOT NULL ORDER BY o.sequence",
        [&](auto& row) -> Result<> {
            using State = ledger::StoredReceipt::State;
            const std::int64_t state = row.integer(1);
            if (state < 0 || state > 2)
                problems.add("outbox", fmt::format("message {} has the state {}, which is none",
                                                   row.integer(0), state));
            seals.check(
                ledger::StoredReceipt{.state = state == 0   ? State::waiting
                                               : state == 1 ? State::delivered
                                                            : State::dead,
                                      .alert = row.text(2),
                                      .to = row.text(3),
                                      .message = row.integer(0),
                                      .at = from_nanoseconds(row.optional_integer(4).value_or(0)),
                                      .detail = row.text(5),
                                      .salts = *salts},
                problems);
            return {};
        });
}

Result<> SealedAlerts::check_sums(ledger::Problems& problems) {
    return each_row(
        store_->database(),
        "SELECT d.name FROM destinations AS d LEFT JOIN outbox AS o ON o.destination = d.id AND "
        "o.lane < 2 GROUP BY d.id HAVING d.pending <> count(o.sequence) FILTER (WHERE o.state = 0) "
        "OR d.delivered <> count(o.sequence) FILTER (WHERE o.state = 1) "
        "OR d.dead <> count(o.sequence) FILTER (WHERE o.state = 2) ORDER BY d.name",
        [&](auto& row) -> Result<> {
            problems.add("outbox", fmt::format("{}: what waits, was delivered or is dead is not as "
                                               "many messages as its sums say",
                                               row.text(0)));
            return {};
        });
}

Result<> SealedAlerts::check_alerts(ledger::Seals& seals, ledger::Problems& problems) {
    auto database = SqliteDatabase::open(path_, SqliteDatabase::Mode::read_only);
    if (!database) return std::unexpected(database.error());
    auto rows = (*database)->query(
        "SELECT id, json, state, revision, severity, ruleset, rule_id, first_seen, last_seen, "
        "agencies, suppressed, reason, assignee, case_id FROM alerts ORDER BY sequence");
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
        const auto row = rows->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return {};
        ledger::StoredSeal seal{rows->text(0),
                                rows->text(1),
                                rows->text(2),
                                static_cast<std::uint64_t>(rows->integer(3)),
                                {}};
        auto salts = store_->salts("alert:" + seal.id);
        if (!salts) return std::unexpected(salts.error());
        seal.salts = std::move(*salts);
        seal.place = ledger::alert_place(rows->text(11), rows->text(12), rows->text(13));
        const bool agree = columns_agree(seal.json, *rows);
        if (!agree)
            problems.add("alert",
                         fmt::format("{}: columns of its row are not those of its JSON", seal.id));
        seals.check(seal, problems);
    }
}

}  // namespace kentongan
