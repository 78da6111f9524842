// A database against its history: whatever is altered in alerts, entries or salts is found.
#include "daemon/pipeline/sealed_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "daemon/base/text.hpp"
#include "daemon/ledger/publisher.hpp"
#include "daemon/pipeline/alert_sealer.hpp"
#include "daemon/pipeline/receipts.hpp"
#include "daemon/store/sqlite/sqlite_triage.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

namespace fs = std::filesystem;
constexpr int kAlerts = 40;
constexpr int kRows = 8;                    // suppressions, and approvals
constexpr int kMessages = 5 * kAlerts / 2;  // two of each alert, two more of a quarter

int times() {
    const char* given = std::getenv("KENTONGAN_TAMPERINGS");
    return given == nullptr ? 100 : parse_number<int>(given).value_or(100);
}

Alert alert_number(int number) {
    Alert out;
    out.id = fmt::format("01JTEST{:019}", number);
    auto rule = std::make_shared<Rule>();
    rule->id = "sample:rule";
    rule->name = "rule";
    out.rule = rule;
    out.first_seen = out.last_seen = out.created =
        from_nanoseconds(1'900'000'000'000'000'000 + number * std::int64_t{1'000'000'000});
    out.count = 1;
    out.agencies = {"kpu", "bssn"};
    return out;
}

class SealedDatabase : public ::testing::Test {
  protected:
    void SetUp() override {
        auto store = SqliteAlertStore::open(path_, SqliteAlertStore::Mode::read_write);
        ASSERT_TRUE(store) << store.error().message;
        AlertSealer sealer;
        for (const bool again : {false, true})
            for (int i = 0; i < kAlerts; ++i) {
                AlertBatch batch;
                Alert alert = alert_number(i);
                if (again) alert.count = 7;
                std::vector<NewDelivery> told;  // of some that grew as well
                for (const auto& agency : alert.agencies)
                    if (!again || i % 4 == 1)
                        told.push_back({agency, again ? "alert.updated" : "alert.created",
                                        fmt::format("body {}", i)});
                std::string json =
                    sealer.seal(alert, {.created = !again, .closed = again && i % 2 == 0},
                                alert.last_seen, batch, told);
                sealer.finish(alert.last_seen, batch);
                batch.alerts.push_back({alert, std::move(told), std::move(json)});
                ASSERT_TRUE((*store)->commit(batch));
            }
        for (const auto* agency : {"kpu", "bssn"}) settle(**store, agency);
        for (int i = 0; i < kAlerts; i += 4) act_on(**store, i);
        for (int i = 0; i < kRows; ++i) silence(**store, i);
        ledger::Publisher publisher{{folder_ / "ledger", "test"}, {key_, {}}};
        const auto source = [&](std::uint64_t from, std::size_t limit) {
            return (*store)->entries(from, limit);
        };
        ASSERT_TRUE(publisher.open(source));
        ASSERT_TRUE(publisher.append(*source(0, 100'000)));
        ASSERT_TRUE(publisher.checkpoint());
        keys_ = publisher.public_keys();
    }

    /// Of three messages one is delivered, one is put aside, and one waits.
    static void settle(SqliteAlertStore& store, const std::string& agency) {
        const Timestamp at = alert_number(kAlerts).last_seen;
        std::vector<DeliveryOutcome> outcomes;
        for (const Delivery& message : store.pending(agency, 1000).value())
            if (message.sequence % 3 != 0)
                outcomes.push_back({message.sequence,
                                    message.sequence % 3 == 1 ? DeliveryOutcome::State::delivered
                                                              : DeliveryOutcome::State::dead,
                                    "200 OK", at});
        ASSERT_TRUE(store.settle(outcomes, receipts_of(agency, outcomes, store, at).value()));
    }

    /// Somebody takes the alert into a case of its own.
    static void act_on(SqliteAlertStore& store, int number) {
        SqliteTriage triage{store};
        const std::string id = alert_number(number).id;
        const std::string alert = "alert:" + id;
        CaseRecord record{.id = fmt::format("C{}", number), .title = "case"};
        Place place = triage.place(id).value().value();
        place.state = "assigned";
        place.assignee = "ani";
        place.case_id = record.id;
        ++place.revision;
        const Timestamp at = alert_number(number).last_seen + std::chrono::hours{1};
        TriageChange change{.places = {place}, .cases = {record}};
        const auto note = [&](const std::string& object, const std::string& state,
                              std::optional<std::uint64_t> revision, const std::string& detail) {
            const auto known = store.salts(object).value();
            const std::string salt = known.empty() ? ledger::new_salt() : known.front();
            if (known.empty()) change.salts.push_back({object, salt});
            change.entries.push_back(
                ledger::action_entry({.who = "budi",
                                      .what = "assign",
                                      .object = object,
                                      .why = "odd\nlook at it",
                                      .revision = revision,
                                      .state = state,
                                      .detail_hash = ledger::salted_hash(salt, detail)},
                                     salt, at));
            change.actions.push_back({.object = object,
                                      .at = at,
                                      .who = "budi",
                                      .action = "assign",
                                      .why = "odd",
                                      .comment = "look at it"});
        };
        note(alert, place.state, 2, ledger::alert_place("", "ani", record.id));
        note("case:" + record.id, "open", 1, boost::json::serialize(to_json(record)));
        ASSERT_TRUE(triage.change(change));
    }

    /// Somebody silences something, and asks a second person for something else.
    static void silence(SqliteAlertStore& store, int number) {
        SqliteTriage triage{store};
        const Timestamp at = alert_number(number).last_seen;
        const Suppression one{.id = fmt::format("S{}", number),
                              .rule_id = "sample:rule",
                              .entity = "",
                              .source_ip = "",
                              .reason = "noise",
                              .owner = "budi",
                              .begins = at,
                              .expires = at + std::chrono::hours{1}};
        const Approval asked{.id = fmt::format("A{}", number),
                             .action = "close",
                             .object = "alert:" + alert_number(number).id,
                             .why = "odd",
                             .request = "{}",
                             .asked_by = "budi",
                             .asked = at,
                             .expires = at + std::chrono::hours{1}};
        TriageChange change{.suppressions = {one}, .approvals = {asked}};
        for (const auto& [object, detail] :
             {std::pair{"suppression:" + one.id, sealed_text(one)},
              std::pair{"approval:" + asked.id, boost::json::serialize(to_json(asked))}}) {
            const std::string salt = ledger::new_salt();
            change.salts.push_back({object, salt});
            change.entries.push_back(
                ledger::action_entry({.who = "budi",
                                      .what = "act",
                                      .object = object,
                                      .why = "odd\n",
                                      .detail_hash = ledger::salted_hash(salt, detail)},
                                     salt, at));
            change.actions.push_back(
                {.object = object, .at = at, .who = "budi", .action = "act", .why = "odd"});
        }
        ASSERT_TRUE(triage.change(change));
    }

    [[nodiscard]] ledger::Problems problems(const std::string& path) {
        auto alerts = SealedAlerts::open(path);
        EXPECT_TRUE(alerts) << alerts.error().message;
        ledger::Seals seals;
        ledger::CheckOptions options{.folder = folder_ / "ledger", .keys = keys_};
        options.database = (*alerts)->entries();
        options.see = [&](std::uint64_t index, std::string_view entry) {
            seals.read(index, entry);
        };
        auto result = ledger::check_history(options);
        EXPECT_TRUE(result);
        EXPECT_TRUE((*alerts)->check(seals, result->entries, result->problems));
        return result->problems;
    }

    TemporaryFolder folder_;
    std::string path_ = folder_ / "alerts.db";
    SigningKey key_ = SigningKey::generate();
    std::vector<ledger::VerifierKey> keys_;
};

TEST_F(SealedDatabase, AWholeOneHasNoProblems) {
    const auto found = problems(path_);
    EXPECT_TRUE(found.empty()) << (found.empty() ? "" : found.list().front().text);
}

TEST_F(SealedDatabase, WhatIsSentAgainWaitsOnlyByAnActOfThatDestination) {
    const auto act_and = [&](const std::string& object, const std::string& again) {
        auto store = SqliteAlertStore::open(path_, SqliteAlertStore::Mode::read_write);
        EXPECT_TRUE(store);
        SqliteTriage triage{**store};
        const Timestamp at = alert_number(0).last_seen;
        const std::string salt = ledger::new_salt();
        TriageChange change{.salts = {{object, salt}}};
        change.entries.push_back(ledger::action_entry(
            {.who = "budi", .what = "replay", .object = object, .why = "all\n"}, salt, at));
        change.actions.push_back(
            {.object = object, .at = at, .who = "budi", .action = "replay", .why = "all"});
        EXPECT_TRUE(triage.change(change));
        EXPECT_TRUE((*store)->replay(again, Timestamp{}, Timestamp::max()));
    };
    act_and("delivery:kpu", "kpu");
    const auto found = problems(path_);
    EXPECT_TRUE(found.empty()) << (found.empty() ? "" : found.list().front().text);
    act_and("delivery:kpu", "bssn");
    EXPECT_THAT(problems(path_).list().front().text,
                testing::HasSubstr("bssn waits, though the history has its receipt"));
}

TEST_F(SealedDatabase, EveryAlteredRowIsFound) {
    const std::string copy = folder_ / "copy.db";
    std::mt19937 random{5};
    for (int round = 0; round < times(); ++round) {
        for (const auto* ending : {"", "-wal", "-shm"}) fs::remove(copy + ending);
        fs::copy_file(path_, copy);
        const auto row = 1 + random() % kAlerts;
        const auto entry = 1 + random() % (2 * kAlerts + kAlerts / 2);
        const auto other = 1 + (row % kAlerts);
        const auto act = 1 + random() % (kAlerts / 2);  // an alert and a case of every fourth
        const auto taken = 1 + (act - 1) / 2 * 4;       // one that is in a case
        const auto silenced = 1 + random() % kRows;
        const auto message = 1 + random() % kMessages;
        const auto waiting = 3 + random() % (kMessages / 3) * 3;
        const auto settled = 1 + random() % (kMessages / 3) * 3 + random() % 2;
        const std::string statements[] = {
            fmt::format("UPDATE suppressions SET entity = '*' WHERE sequence = {}", silenced),
            fmt::format("UPDATE suppressions SET expires = expires + 1 WHERE sequence = {}",
                        silenced),
            fmt::format("UPDATE suppressions SET owner = 'ani' WHERE sequence = {}", silenced),
            fmt::format("DELETE FROM suppressions WHERE sequence = {}", silenced),
            "INSERT INTO suppressions (id, rule_id, entity, source_ip, reason, owner, begins, "
            "expires) VALUES ('X', 'r', '', '', '', 'ani', 0, 9)",
            fmt::format("UPDATE approvals SET state = 'confirmed' WHERE sequence = {}", silenced),
            fmt::format("UPDATE approvals SET state = 'confirmed', json = replace(json, 'pending', "
                        "'confirmed') WHERE sequence = {}",
                        silenced),
            fmt::format("UPDATE approvals SET json = replace(json, 'odd', 'even') WHERE sequence = "
                        "{}",
                        silenced),
            fmt::format("DELETE FROM approvals WHERE sequence = {}", silenced),
            fmt::format("INSERT INTO approvals (id, state, json) SELECT 'X' || id, state, json "
                        "FROM approvals WHERE sequence = {}",
                        silenced),
            fmt::format("UPDATE outbox SET body = 'another' WHERE sequence = {}", message),
            fmt::format("UPDATE outbox SET type = 'alert.resolved' WHERE sequence = {}", message),
            fmt::format("UPDATE outbox SET destination = 3 - destination WHERE sequence = {}",
                        message),
            fmt::format("UPDATE outbox SET alert = 1 + alert % {} WHERE sequence = {}", kAlerts,
                        message),
            fmt::format("UPDATE outbox SET alert = NULL WHERE sequence = {}", message),
            fmt::format("DELETE FROM outbox WHERE sequence = {}", message),
            fmt::format("INSERT INTO outbox (destination, alert, created, queued, type, body) "
                        "SELECT destination, alert, created, queued, type, body FROM outbox WHERE "
                        "sequence = {}",
                        message),
            fmt::format("UPDATE outbox SET state = (state + 1) % 3 WHERE sequence = {}", message),
            fmt::format("UPDATE outbox SET state = 1, settled = 9, detail = '200 OK' WHERE "
                        "sequence = {}; UPDATE destinations SET pending = pending - 1, delivered = "
                        "delivered + 1 WHERE id = (SELECT destination FROM outbox WHERE sequence = "
                        "{})",
                        waiting, waiting),
            fmt::format(
                "UPDATE destinations SET pending = pending - 1 WHERE id = (SELECT "
                "destination FROM outbox WHERE sequence = {0}); UPDATE outbox SET lane = 2, "
                "state = 1 WHERE sequence = {0}",
                waiting),
            fmt::format("PRAGMA ignore_check_constraints = ON; UPDATE destinations SET dead = dead "
                        "- 1 WHERE id = (SELECT destination FROM outbox WHERE sequence = {0}); "
                        "UPDATE outbox SET state = 7 WHERE sequence = {0}",
                        waiting - 1),
            fmt::format("UPDATE outbox SET settled = settled + 1 WHERE sequence = {}", settled),
            fmt::format("UPDATE outbox SET detail = '202' WHERE sequence = {}", settled),
            "DELETE FROM salts WHERE subject = 'receipts'",
            "UPDATE destinations SET delivered = delivered + 1, pending = pending - 1 WHERE id = 1",
            "UPDATE destinations SET dead = 0 WHERE id = 2",
            "UPDATE destinations SET name = 'elsewhere' WHERE name = 'bssn'",
            fmt::format("UPDATE cases SET revision = revision + 1 WHERE sequence = {}",
                        (act + 1) / 2),
            fmt::format("UPDATE alerts SET json = json || ' ' WHERE sequence = {}", row),
            fmt::format("UPDATE alerts SET severity = (severity + 1) % 5 WHERE sequence = {}", row),
            fmt::format("UPDATE alerts SET rule_id = 'other' WHERE sequence = {}", row),
            fmt::format("UPDATE alerts SET state = 'closed', revision = 2 WHERE sequence = {}",
                        row),
            fmt::format("UPDATE alerts SET first_seen = first_seen + 1000000 WHERE sequence = {}",
                        row),
            fmt::format("UPDATE alerts SET agencies = 'kpu' || char(10) WHERE sequence = {}", row),
            fmt::format("DELETE FROM alerts WHERE sequence = {}", row),
            fmt::format("UPDATE alerts SET json = (SELECT json FROM alerts WHERE sequence = {}) "
                        "WHERE sequence = {}",
                        other, row),
            fmt::format("UPDATE entries SET entry = entry || ' ' WHERE sequence = {}", entry),
            fmt::format("DELETE FROM entries WHERE sequence = {}", entry),
            fmt::format("DELETE FROM entries WHERE sequence >= {}", entry),
            fmt::format("DELETE FROM salts WHERE subject = "
                        "(SELECT 'alert:' || id FROM alerts WHERE sequence = {})",
                        row),
            fmt::format("UPDATE salts SET salt = 'a' || substr(salt, 2) || 'b' WHERE subject = "
                        "(SELECT 'alert:' || id FROM alerts WHERE sequence = {})",
                        row),
            fmt::format("UPDATE alerts SET assignee = 'nobody' WHERE sequence = {}", taken),
            fmt::format("UPDATE alerts SET case_id = '' WHERE sequence = {}", taken),
            fmt::format("UPDATE alerts SET reason = 'false' WHERE sequence = {}", taken),
            fmt::format("UPDATE alerts SET suppressed = 'budget' WHERE sequence = {}", row),
            fmt::format("UPDATE actions SET who = 'ani' WHERE sequence = {}", act),
            fmt::format("UPDATE actions SET action = 'close' WHERE sequence = {}", act),
            fmt::format("UPDATE actions SET comment = '' WHERE sequence = {}", act),
            fmt::format("UPDATE actions SET at = at + 1 WHERE sequence = {}", act),
            fmt::format("DELETE FROM actions WHERE sequence = {}", act),
            fmt::format("INSERT INTO actions (object, at, who, action, origin, target, why, "
                        "comment) SELECT object, at, who, action, origin, target, why, comment "
                        "FROM actions WHERE sequence = {}",
                        act),
            fmt::format("UPDATE cases SET json = replace(json, 'case', 'other') WHERE sequence = "
                        "{}",
                        (act + 1) / 2),
            fmt::format("DELETE FROM cases WHERE sequence = {}", (act + 1) / 2),
            fmt::format("INSERT INTO alerts (id, severity, ruleset, rule_id, first_seen, "
                        "last_seen, agencies, json) SELECT 'X' || id, severity, ruleset, rule_id, "
                        "first_seen, last_seen, agencies, json FROM alerts WHERE sequence = {}",
                        row),
        };
        const std::string& statement = statements[random() % std::size(statements)];
        {
            auto database = SqliteDatabase::open(copy, SqliteDatabase::Mode::read_write);
            ASSERT_TRUE(database);
            ASSERT_TRUE((*database)->script("PRAGMA foreign_keys = OFF"));
            ASSERT_TRUE((*database)->script(statement)) << statement;
        }
        EXPECT_FALSE(problems(copy).empty()) << statement;
    }
}

}  // namespace
}  // namespace kentongan
