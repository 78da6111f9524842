// The noise report counts what people closed, what was suppressed, and says what to do.
#include "daemon/store/noise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <boost/json.hpp>

#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using testing::HasSubstr;

TEST(RuleFirings, AreCountedAsAlertsComeAndKeepTheNewest) {
    TemporaryFolder folder;
    const auto store =
        SqliteAlertStore::open(folder / "alerts.db", SqliteAlertStore::Mode::read_write).value();
    const Timestamp start = SampleAlert{}.first_seen;
    EXPECT_TRUE(store->firings().value().empty());
    for (const int number : {3, 1, 2, 1}) {  // the last is the same alert once more
        AlertBatch batch;
        batch.alerts.push_back({make_alert({.number = number,
                                            .rule_id = number == 2 ? "other" : "one",
                                            .first_seen = start + std::chrono::minutes{number}}),
                                {}});
        ASSERT_TRUE(store->commit(batch));
    }
    const auto firings = store->firings().value();
    ASSERT_EQ(firings.size(), 2u);
    EXPECT_EQ(firings[0].rule_id, "one");
    EXPECT_EQ(firings[0].alerts, 2u);
    EXPECT_EQ(firings[0].newest, start + std::chrono::minutes{3});
    EXPECT_EQ(firings[1].rule_id, "other");
    EXPECT_EQ(firings[1].alerts, 1u);
}

TEST(NoiseReport, CountsEachRuleSinceATimeTheLoudestFirst) {
    TemporaryFolder folder;
    const std::string path = folder / "alerts.db";
    const Timestamp start = SampleAlert{}.first_seen;
    {
        const auto store = SqliteAlertStore::open(path, SqliteAlertStore::Mode::read_write).value();
        AlertBatch batch;
        for (int i = 1; i <= 30; ++i) {
            Alert alert = make_alert({.number = i,
                                      .rule_id = i % 3 == 0 ? "quiet" : "loud",
                                      .first_seen = start + std::chrono::minutes{i}});
            if (i % 3 == 1 && i < 20) alert.suppressed = "budget";
            if (i == 2) alert.suppressed = "sup-1";
            batch.alerts.push_back({std::move(alert), {}});
        }
        ASSERT_TRUE(store->commit(batch));
    }
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
    sqlite3_exec(handle,
                 "UPDATE alerts SET state = 'closed', reason = 'false' WHERE rule_id = 'quiet'; "
                 "UPDATE alerts SET reason = 'true' WHERE rule_id = 'quiet' AND sequence = 3",
                 nullptr, nullptr, nullptr);
    sqlite3_close(handle);
    const auto store = SqliteAlertStore::open(path, SqliteAlertStore::Mode::read_only).value();
    const auto all = store->noise(start).value();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].rule_id, "loud");
    EXPECT_EQ(all[0].name, "Sample");
    EXPECT_EQ(all[0].alerts, 20u);
    EXPECT_EQ(all[0].over_budget, 7u);
    EXPECT_EQ(all[0].suppressed, 1u);
    EXPECT_EQ(all[1].closed, 10u);
    EXPECT_EQ(all[1].idle, 9u);
    EXPECT_EQ(store->noise(start + std::chrono::minutes{25}).value()[0].alerts, 4u);
    EXPECT_TRUE(store->noise(start + std::chrono::hours{25}).value().empty());
}

TEST(NoiseReport, SaysWhatToDo) {
    EXPECT_EQ(suggestion({.rule_id = "r", .name = {}, .alerts = 3}, 24).text, "");
    EXPECT_THAT(
        suggestion({.rule_id = "r", .name = {}, .alerts = 20, .closed = 10, .idle = 9}, 24).text,
        HasSubstr("9 of 10 closed were false or benign"));
    EXPECT_EQ(
        suggestion({.rule_id = "r", .name = {}, .alerts = 3, .closed = 2, .idle = 2}, 24).text, "");
    EXPECT_THAT(suggestion({.rule_id = "r", .name = {}, .alerts = 2000, .over_budget = 7}, 24).text,
                HasSubstr("7 went untold"));
    EXPECT_THAT(suggestion({.rule_id = "r", .name = {}, .alerts = 9000}, 24).text,
                HasSubstr("more than people can read"));
}

TEST(NoiseReport, AShareIsUnknownUntilSomebodyHasClosedOne) {
    const Timestamp since = SampleAlert{}.first_seen;
    const auto report = noise_report({{.rule_id = "r", .name = "R", .alerts = 48}}, since,
                                     since + std::chrono::hours{24});
    const auto& row = report.at("rules").at(0);
    EXPECT_TRUE(row.at("share").is_null());
    EXPECT_DOUBLE_EQ(row.at("alerts_an_hour").as_double(), 2);
    EXPECT_EQ(row.at("budget"), "within");
    EXPECT_EQ(row.at("suggestion_code"), "");
}

TEST(NoiseReport, EachSuggestionHasItsWord) {
    EXPECT_EQ(suggestion({.rule_id = "r", .name = {}, .alerts = 3}, 24).code, "");
    EXPECT_EQ(
        suggestion({.rule_id = "r", .name = {}, .alerts = 20, .closed = 10, .idle = 9}, 24).code,
        "mostly_idle");
    EXPECT_EQ(suggestion({.rule_id = "r", .name = {}, .alerts = 2000, .over_budget = 7}, 24).code,
              "over_budget");
    EXPECT_EQ(suggestion({.rule_id = "r", .name = {}, .alerts = 9000}, 24).code, "loud");
}

}  // namespace
}  // namespace kentongan
