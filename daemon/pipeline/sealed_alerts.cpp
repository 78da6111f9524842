#include "daemon/pipeline/sealed_alerts.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

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
    if (auto checked = check_cases(seals, problems); !checked) return checked;
    seals.check_dropped(problems);
    return {};
}

namespace {

/// Each row, with the salts of the object that its first column names.
template <class Check>
Result<> each_sealed(SqliteAlertStore& store, const char* question, const Check& check) {
    auto rows = store.database().query(question);
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
        const auto row = rows->next();
        if (!row) return std::unexpected(row.error());
        if (!*row) return {};
        auto salts = store.salts(rows->text(0));
        if (!salts) return std::unexpected(salts.error());
        check(*rows, std::move(*salts));
    }
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

Result<> SealedAlerts::check_cases(ledger::Seals& seals, ledger::Problems& problems) {
    return each_sealed(
        *store_, "SELECT 'case:' || id, json FROM cases ORDER BY sequence",
        [&](auto& row, auto salts) {
            seals.check(ledger::StoredObject{row.text(0), row.text(1), std::move(salts)}, problems);
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
