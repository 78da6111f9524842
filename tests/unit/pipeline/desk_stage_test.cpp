#include "daemon/pipeline/desk_stage.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/async/task_group.hpp"
#include "daemon/store/memory/memory_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_triage.hpp"
#include "tests/support/task_runner.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/pipeline/fixtures.hpp"

namespace kentongan {
namespace {

constexpr std::string_view kRouting = R"(
agencies = ["kpu", "bssn"]
owner = "kpu"
[class.default]
kpu = { tlp = "RED" }
bssn = { tlp = "AMBER", minimum = "high" }
)";

/// Fails the first commits, then works.
class FlakyStore final : public AlertStore {
  public:
    explicit FlakyStore(int failures) : failures_(failures) {}
    Result<> commit(const AlertBatch& batch) override {
        if (failures_-- > 0) return fail(ErrorCode::io, "disk is full");
        return inner.commit(batch);
    }
    Result<AlertPage> find(const AlertQuery& q, std::optional<std::int64_t> a) override {
        return inner.find(q, a);
    }
    Result<std::optional<StoredAlert>> get(const std::string& id) override { return inner.get(id); }
    Result<std::vector<Alert>> open_alerts(Timestamp t) override { return inner.open_alerts(t); }
    Result<std::map<std::string, std::string>> bookmarks() override { return inner.bookmarks(); }
    Result<std::uint64_t> count() override { return inner.count(); }

    MemoryAlertStore inner;

  private:
    int failures_;
};

class DeskStageTest : public ::testing::Test {
  protected:
    Finding finding(int second, Severity severity = Severity::medium) const {
        Finding out;
        out.rule = rule_;
        out.time = start_ + std::chrono::seconds{second};
        out.entity = "x";
        out.message = "seen";
        out.severity = severity;
        return out;
    }
    DeskBatch batch(std::vector<Finding> findings, int now) const {
        DeskBatch out;
        out.findings = std::move(findings);
        out.now = start_ + std::chrono::seconds{now};
        return out;
    }
    /// Plays batches one by one, each in a commit of its own; what was to be delivered.
    std::vector<std::string> play(AlertStore& store, Outbox& outbox, std::vector<DeskBatch> batches,
                                  bool retry = true) {
        asio::io_context loop{1};
        DeskStage::Options options{
            .live = false, .first_pause = std::chrono::milliseconds{1}, .retry = retry};
        Channel<DeskBatch> in{64};
        AlertDesk desk{desk_options_, routing_};
        desk.resume(std::exchange(resumed_, {}));
        desk.suppress_by(suppressions_);
        DeskStage stage{options,
                        std::move(desk),
                        routing_,
                        store,
                        loop.get_executor(),
                        metrics_,
                        clock_,
                        [this](const Committed& c) { committed_.push_back(c); }};
        if (triage_ != nullptr) stage.reopen_in(*triage_, *history_);
        const auto feed = [](Channel<DeskBatch>& channel,
                             std::vector<DeskBatch> all) -> Task<Result<>> {
            for (auto& one : all) {
                (void)co_await channel.send(std::move(one));
                while (channel.size() > 0) co_await sleep_for(std::chrono::milliseconds{1});
            }
            channel.finish();
            co_return Result<>{};
        };
        TaskGroup feeding{loop.get_executor()};
        feeding.spawn("feed", feed(in, std::move(batches)));
        outcome_ = run_task(stage.run(in), loop);
        std::vector<std::string> out;
        for (const auto* agency : {"kpu", "bssn"}) {
            const auto waiting = outbox.pending(agency, 100).value();
            for (const auto& delivery : waiting)
                out.push_back(std::string(agency) + " " + delivery.type);
        }
        return out;
    }

    const Timestamp start_ = *parse_rfc3339("2024-11-27T06:00:00Z");
    std::shared_ptr<const Rule> rule_ = a_rule("test:rule");
    std::shared_ptr<const Routing> routing_ =
        std::make_shared<const Routing>(Routing::parse(kRouting, "routing.toml").value());
    DeskOptions desk_options_;
    std::vector<Alert> resumed_;
    TriageStore* triage_ = nullptr;
    EntryLog* history_ = nullptr;
    std::shared_ptr<const Suppressions> suppressions_;
    Metrics metrics_;
    ManualClock clock_;
    std::vector<Committed> committed_;
    Result<> outcome_;
};

TEST_F(DeskStageTest, ANewAlertIsTheCommitsOnlyMessageToEachAgencyThatGetsIt) {
    MemoryAlertStore store;
    const auto sent = play(store, store, {batch({finding(0), finding(1)}, 2)});
    EXPECT_EQ(sent, std::vector<std::string>{"kpu alert.created"});
    ASSERT_FALSE(committed_.empty());
    EXPECT_EQ(committed_[0].alerts, 1u);
    EXPECT_EQ(committed_[0].deliveries, 1u);
}

TEST_F(DeskStageTest, AnAlertThatGetsWorseReachesAgenciesThatWereNotToldBefore) {
    MemoryAlertStore store;
    const auto sent =
        play(store, store, {batch({finding(0)}, 1), batch({finding(5, Severity::critical)}, 6)});
    // What is critical goes before the others.
    const std::vector<std::string> expected{"kpu alert.updated", "kpu alert.created",
                                            "bssn alert.created"};
    EXPECT_EQ(sent, expected);
}

TEST_F(DeskStageTest, AClosedAlertThatGetsWorseIsOpenedAgainWithAnAct) {
    TemporaryFolder folder;
    const auto store =
        SqliteAlertStore::open(folder / "alerts.db", SqliteAlertStore::Mode::read_write).value();
    SqliteTriage triage{*store};
    triage_ = &triage;
    history_ = store.get();
    (void)play(*store, *store, {batch({finding(0, Severity::high)}, 1)});
    const std::string id = id_in(store->find({}, {}).value().alerts.at(0).json);
    const auto close = [&] {
        Place place = triage.place(id).value().value();
        place.state = "closed";
        place.reason = "false";
        place.case_id = "K1";
        ++place.revision;
        TriageChange change;
        change.places.push_back(place);
        ASSERT_TRUE(triage.change(change));
    };
    close();
    resumed_ = store->open_alerts({}).value();
    (void)play(*store, *store, {batch({finding(5, Severity::high)}, 6)});
    EXPECT_EQ(triage.place(id).value()->state, "closed") << "more of the same is no news";
    EXPECT_EQ(store->entry_count().value(), 0u);

    resumed_ = store->open_alerts({}).value();
    (void)play(*store, *store, {batch({finding(9, Severity::critical)}, 10)});
    const Place place = triage.place(id).value().value();
    EXPECT_EQ(place.severity, Severity::critical);
    EXPECT_EQ(place.state, "new");
    EXPECT_EQ(place.reason, "");
    EXPECT_EQ(place.case_id, "K1");
    EXPECT_EQ(place.revision, 3);
    const auto acts = triage.actions("alert:" + id, 10).value();
    ASSERT_EQ(acts.size(), 1u);
    EXPECT_EQ(acts[0].who, "kentongan");
    EXPECT_EQ(acts[0].action, "reopen");
    EXPECT_EQ(acts[0].why, "severity rose from high to critical");
    ASSERT_EQ(store->entry_count().value(), 1u);
    EXPECT_EQ(store->entries_about(id).value(), std::vector<std::uint64_t>{0});

    close();
    resumed_ = store->open_alerts({}).value();
    (void)play(*store, *store, {batch({finding(12, Severity::critical)}, 13)});
    EXPECT_EQ(triage.place(id).value()->state, "closed") << "it was closed as critical";
}

TEST_F(DeskStageTest, AFloodIsToldAtTenfoldGrowthAndAtItsEnd) {
    MemoryAlertStore store;
    std::vector<DeskBatch> batches;
    for (int i = 0; i < 150; ++i) batches.push_back(batch({finding(i)}, i));
    batches.push_back(batch({}, 2000));
    batches.back().bookmarks["a"] = "1";
    const auto sent = play(store, store, std::move(batches));
    const std::vector<std::string> expected{"kpu alert.created", "kpu alert.updated",
                                            "kpu alert.updated", "kpu alert.updated"};
    EXPECT_EQ(sent, expected);  // at 10, at 100, and closed at 150
}

TEST_F(DeskStageTest, ARestartTellsNothingTwiceAndNothingLess) {
    const auto run = [&](bool restart) {
        MemoryAlertStore store;
        std::vector<DeskBatch> first;
        std::vector<DeskBatch> second;
        for (int i = 0; i < 7; ++i) first.push_back(batch({finding(i)}, i));
        for (int i = 7; i < 15; ++i) second.push_back(batch({finding(i)}, i));
        second.push_back(batch({}, 2000));
        second.back().bookmarks["a"] = "1";
        if (!restart) {
            std::ranges::move(second, std::back_inserter(first));
            return play(store, store, std::move(first));
        }
        (void)play(store, store, std::move(first));
        resumed_ = store.open_alerts(start_).value();
        return play(store, store, std::move(second));
    };
    const auto whole = run(false);
    EXPECT_EQ(run(true), whole);
    const std::vector<std::string> expected{"kpu alert.created", "kpu alert.updated",
                                            "kpu alert.updated"};
    EXPECT_EQ(whole, expected);  // at 10, and at its end with 15
}

TEST_F(DeskStageTest, ASuppressedAlertIsStoredCountedAndSentToNobody) {
    Suppression one;
    one.id = "sup-1";
    one.rule_id = "test:rule";
    one.expires = start_ + std::chrono::hours{1};
    suppressions_ = std::make_shared<const Suppressions>(std::vector{one});
    MemoryAlertStore store;
    const auto sent = play(store, store, {batch({finding(0, Severity::critical)}, 1)});
    EXPECT_TRUE(sent.empty());
    EXPECT_EQ(store.count().value(), 1u);
    EXPECT_EQ(metrics_.alerts_suppressed.with({"suppression"}).value(), 1);
}

TEST_F(DeskStageTest, AStormIsCountedInTheMetrics) {
    desk_options_.storms.alerts = 5;
    MemoryAlertStore store;
    std::vector<Finding> findings;
    for (int i = 0; i < 20; ++i) {
        findings.push_back(finding(i));
        findings.back().entity = std::to_string(i);
    }
    (void)play(store, store, {batch(std::move(findings), 21)});
    EXPECT_EQ(metrics_.alerts_grouped.with({"medium"}).value(), 15);
    EXPECT_EQ(store.count().value(), 6u);
}

TEST_F(DeskStageTest, AFailingStoreIsTriedAgainAndNothingIsLostOrAnnouncedEarly) {
    FlakyStore store{3};
    const auto sent = play(store, store.inner, {batch({finding(0)}, 1)});
    EXPECT_EQ(sent, std::vector<std::string>{"kpu alert.created"});
    EXPECT_EQ(store.inner.count(), 1u);
    EXPECT_EQ(committed_.size(), 1u);
    EXPECT_EQ(metrics_.store_failing.with().value(), 0);
}

TEST_F(DeskStageTest, WithoutRetryAFailingStoreIsTheStagesError) {
    FlakyStore store{1};
    (void)play(store, store.inner, {batch({finding(0)}, 1)}, false);
    ASSERT_FALSE(outcome_);
    EXPECT_EQ(outcome_.error().message, "disk is full");
}

TEST_F(DeskStageTest, AlertsClosedBecauseThereAreTooManyAreCounted) {
    desk_options_.maximum_open = 1;
    MemoryAlertStore store;
    Finding other = finding(1);
    other.entity = "y";
    (void)play(store, store, {batch({finding(0), other}, 2)});
    EXPECT_EQ(store.count(), 2u);
    EXPECT_EQ(metrics_.detector_evicted.with({"alert.desk"}).value(), 1);
}

TEST_F(DeskStageTest, HeartbeatsAreAnnouncedOnceStored) {
    MemoryAlertStore store;
    DeskBatch beat = batch({}, 1);
    beat.heartbeats["heartbeat:lane-0"] = start_;
    (void)play(store, store, {beat});
    ASSERT_EQ(committed_.size(), 1u);
    EXPECT_EQ(committed_[0].heartbeats.at("heartbeat:lane-0"), start_);
    EXPECT_EQ(store.bookmarks()->at("heartbeat"), to_rfc3339(start_));
}

}  // namespace
}  // namespace kentongan
