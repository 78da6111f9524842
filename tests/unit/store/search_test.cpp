// Search data: they come with a migration, follow triage, and are whole after a rolled-back commit.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <boost/json.hpp>
#include <filesystem>

#include "daemon/base/file.hpp"
#include "daemon/store/query/parse.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_triage.hpp"
#include "tests/support/project.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

using Store = SqliteAlertStore;

void run_sql(const std::string& path, const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
    char* why = nullptr;
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK) << why;
    sqlite3_free(why);
    sqlite3_close(handle);
}

std::unique_ptr<Store> open(const TemporaryFolder& folder) {
    auto store = Store::open(folder / "alerts.db", Store::Mode::read_write);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
}

std::uint64_t count(Store& store, const char* question) {
    SearchRequest request;
    request.what = SearchRequest::What::count;
    request.where = query::parse(question, {}).value();
    auto answer = answer_of(store, std::move(request));
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? answer->total : 0;
}

Result<> commit(Store& store, int from, int to, std::string message = "") {
    AlertBatch batch;
    for (int number = from; number < to; ++number) {
        SampleAlert sample;
        sample.number = number;
        sample.first_seen += std::chrono::seconds{number * 7};
        Alert alert = make_alert(sample);
        if (!message.empty()) alert.message = message;
        batch.alerts.push_back({std::move(alert), {}});
    }
    return store.commit(batch);
}

TEST(StoreSearch, AlertsStoredBeforeThereWasASearchAreFound) {
    const TemporaryFolder folder;
    for (const char* file : {"001_alerts.sql", "002_history.sql"})
        run_sql(
            folder / "alerts.db",
            read_file(project_root() / "daemon/store/sqlite/migrations" / file, 1 << 20).value());
    const Alert alert = make_alert({});
    run_sql(folder / "alerts.db",
            fmt::format("INSERT INTO alerts (id, severity, ruleset, rule_id, first_seen, "
                        "last_seen, agencies, json, state) VALUES ('{}', 2, 'anomaly', 'x', {}, "
                        "{}, 'kpu', '{}', 'closed'); PRAGMA user_version = 2; "
                        "PRAGMA application_id = 1264938612;",
                        alert.id, to_nanoseconds(alert.first_seen), to_nanoseconds(alert.last_seen),
                        boost::json::serialize(to_json(alert))));
    const auto store = open(folder);
    EXPECT_EQ(count(*store, "sample and state : closed"), 1u);
}

TEST(StoreEntries, ThoseOfAnOlderDatabaseAreFoundByAlert) {
    const TemporaryFolder folder;
    const auto migrations = project_root() / "daemon/store/sqlite/migrations";
    for (const char* file :
         {"001_alerts.sql", "002_history.sql", "003_search.sql", "004_ledger.sql", "005_triage.sql",
          "006_delivery.sql", "007_desk.sql"})
        run_sql(folder / "alerts.db", read_file(migrations / file, 1 << 20).value());
    const Alert alert = make_alert({});
    run_sql(
        folder / "alerts.db",
        fmt::format("INSERT INTO alerts (id, severity, ruleset, rule_id, first_seen, "
                    "last_seen, agencies, json) VALUES ('{0}', 2, 'anomaly', 'x', 1, 1, '', "
                    "'{1}'); INSERT INTO entries (entry) VALUES "
                    "('{{\"alert\":\"{0}\",\"kind\":\"alert\"}}'), ('no JSON'), "
                    "('{{\"kind\":\"alerts\",\"updated\":{{\"other\":\"a\",\"{0}\":\"b\"}}}}'), "
                    "('{{\"kind\":\"login\"}}'), "
                    "('{{\"kind\":\"action\",\"object\":\"alert:{0}\"}}'); "
                    "PRAGMA user_version = 7; PRAGMA application_id = 1264938612;",
                    alert.id, boost::json::serialize(to_json(alert))));
    EXPECT_EQ(open(folder)->entries_about(alert.id).value(), (std::vector<std::uint64_t>{0, 2, 4}));
    EXPECT_TRUE(open(folder)->entries_about("nobody").value().empty());
}

TEST(StoreSearch, WhatWasStoredJustBeforeAKillIsFoundAfterTheNextStart) {
    const TemporaryFolder folder;
    const TemporaryFolder killed;
    const auto store = open(folder);
    ASSERT_TRUE(commit(*store, 0, 2000, "a burst"));
    ASSERT_TRUE(commit(*store, 2000, 2010, "the last words"));
    // The files as a kill leaves them.
    for (const auto* file : {"alerts.db", "alerts.db-wal"})
        std::filesystem::copy_file(folder / file, killed / file);
    {
        const auto reader =
            SqliteAlertStore::open(killed / "alerts.db", SqliteAlertStore::Mode::read_only);
        ASSERT_TRUE(reader) << reader.error().message;
        SearchRequest request;
        request.where = query::parse("words", {}).value();
        const auto answer = answer_of(**reader, request);
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_TRUE(answer->partial.contains("the newest 2010 alerts")) << answer->partial;
        EXPECT_EQ((*reader)->find({.limit = 1}, {})->alerts.at(0).sequence, 2010);
    }
    EXPECT_EQ(count(*open(killed), "words"), 10u);
    EXPECT_EQ(count(*store, "words"), 10u) << "a question waits for no kill";
    EXPECT_EQ(count(*store, ""), 2010u);
}

TEST(StoreSearch, QuietMomentsMakeABurstSearchableAndMergesReachAlertsThatStillWait) {
    const TemporaryFolder folder;
    const auto store = open(folder);
    const int burst = static_cast<int>(SearchIndex::kInMemory) + 500;
    ASSERT_TRUE(commit(*store, 0, burst, "a burst"));
    ASSERT_TRUE(commit(*store, 1, 2, "merged in memory"));
    ASSERT_TRUE(commit(*store, burst - 1, burst, "merged beyond it"));
    const int steps = burst / static_cast<int>(SearchIndex::kAtOnce) + 1;
    for (int step = 1; step < steps; ++step) ASSERT_TRUE(store->tidy().value()) << step;
    EXPECT_FALSE(store->tidy().value()) << "nothing is left";
    EXPECT_EQ(count(*store, "burst"), static_cast<std::uint64_t>(burst - 2));
    EXPECT_EQ(count(*store, "merged"), 2u);
    ASSERT_TRUE(commit(*store, 1, 2, "merged afterwards"));
    EXPECT_EQ(count(*store, "memory"), 0u);
    EXPECT_EQ(count(*store, "afterwards"), 1u);
}

TEST(StoreSearch, FollowsWhatTriageWritesBeforeTheAlertIsSearchable) {
    const TemporaryFolder folder;
    const auto store = open(folder);
    ASSERT_TRUE(commit(*store, 0, 3));
    SqliteTriage triage{*store};
    SampleAlert second{.number = 1};
    second.first_seen += std::chrono::seconds{7};
    Place place = triage.place(make_alert(second).id).value().value();
    place.state = "closed";
    ++place.revision;
    ASSERT_TRUE(triage.change({.places = {place}}));
    ASSERT_TRUE(commit(*store, 1, 2, "grown meanwhile"));
    EXPECT_EQ(count(*store, "state : closed and grown"), 1u);
    EXPECT_EQ(count(*store, ""), 3u);
}

TEST(StoreSearch, FollowsWhatTriageWrites) {
    const TemporaryFolder folder;
    ASSERT_TRUE(commit(*open(folder), 0, 10));
    run_sql(folder / "alerts.db",
            "UPDATE alerts SET state = 'closed', reason = 'benign', assignee = 'Ani', "
            "case_id = 'C-1', suppressed = 'night work' WHERE sequence = 3");
    const auto store = open(folder);
    for (const char* question :
         {"state : closed", "reason : benign", "assignee : ani", "case : c-1", "case : *",
          "suppressed : true", "suppressed : \"night work\"", "not suppressed : false"})
        EXPECT_EQ(count(*store, question), 1u) << question;
    EXPECT_EQ(count(*store, "state : new"), 9u);
    ASSERT_TRUE(commit(*store, 0, 10, "grown"));
    EXPECT_EQ(count(*store, "state : closed and grown"), 1u) << "growing leaves triage alone";
}

TEST(StoreSearch, WordsThatAnAlertNoLongerHasDoNotFindIt) {
    const TemporaryFolder folder;
    const auto store = open(folder);
    ASSERT_TRUE(commit(*store, 0, 5, "first words"));
    ASSERT_TRUE(commit(*store, 0, 3, "other words"));
    EXPECT_EQ(count(*store, "first"), 2u);
    EXPECT_EQ(count(*store, "other"), 3u);
    EXPECT_EQ(count(*store, "words"), 5u);
}

TEST(StoreSearch, AQuestionThatRunsOutOfPatienceAnswersWhatItHasAndGoesOnFromThere) {
    const TemporaryFolder folder;
    const auto store = open(folder);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(commit(*store, i * 500, (i + 1) * 500));
    SearchRequest request;
    request.where = query::parse("user : \"*none*\"", {}).value();
    request.patience = std::chrono::milliseconds{0};
    std::size_t rounds = 0;
    do {
        auto answer = answer_of(*store, request);
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_TRUE(answer->page.alerts.empty());
        EXPECT_EQ(answer->page.next.has_value(), !answer->partial.empty());
        request.after = answer->page.next;
    } while (request.after && ++rounds < 10'000);
    EXPECT_FALSE(request.after);
}

TEST(StoreSearch, CommitsGoInBetweenTheStepsOfAQuestion) {
    const TemporaryFolder folder;
    const auto store = open(folder);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(commit(*store, i * 500, (i + 1) * 500));
    SearchRequest request;
    request.what = SearchRequest::What::count;
    request.where = query::parse("sample", {}).value();
    const auto search = store->search(std::move(request));
    int number = 10'000;
    for (;;) {
        const auto ready = search->step();
        ASSERT_TRUE(ready) << ready.error().message;
        if (*ready) break;
        ASSERT_TRUE(commit(*store, number, number + 1));
        ++number;
    }
    EXPECT_GE(search->answer().total, 10'000u);
    EXPECT_LE(search->answer().total, static_cast<std::uint64_t>(number));
}

TEST(StoreSearch, SavedSearchesAreKeptReplacedAndForgotten) {
    const TemporaryFolder folder;
    ASSERT_TRUE(open(folder)->save_search({"night", "ani", "severity >= high", {}}));
    const auto store = open(folder);
    ASSERT_TRUE(store->save_search({"night", "budi", "severity >= low", {}}));
    const auto all = store->saved_searches().value();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].owner, "budi");
    EXPECT_TRUE(store->forget_search("night").value());
    EXPECT_FALSE(store->forget_search("night").value());
}

}  // namespace
}  // namespace kentongan
