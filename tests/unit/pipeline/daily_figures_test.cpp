// Each alert in the figures of one day: over midnight, over restarts, over commits that come late.
#include "daemon/pipeline/daily_figures.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/pipeline/sealed_alerts.hpp"
#include "daemon/store/memory/memory_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_clock.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

namespace json = boost::json;
using Step = DailyFigures::Step;
constexpr std::chrono::hours kWib{7};

std::shared_ptr<const Routing> a_routing() {
    return std::make_shared<const Routing>(Routing::parse(R"(
agencies = ["kpu", "brin"]
owner = "kpu"
[class.default]
kpu = { tlp = "RED" }
brin = { tlp = "GREEN", daily = true }
)",
                                                          "routing.toml")
                                               .value());
}

class Days : public ::testing::Test {
  protected:
    void SetUp() override { start(); }
    void start() {
        figures_.reset();
        store_.reset();
        auto opened = SqliteAlertStore::open(folder_ / "alerts.db",
                                             SqliteAlertStore::Mode::read_write, clock_);
        ASSERT_TRUE(opened) << opened.error().message;
        store_ = std::move(*opened);
        figures_.emplace(*store_, *store_, clock_, kWib);
    }
    void raise(int how_many, std::string_view at) {
        AlertBatch batch;
        for (int i = 0; i < how_many; ++i) {
            SampleAlert sample;
            sample.number = ++number_;
            sample.first_seen = *parse_rfc3339(at);
            batch.alerts.push_back({make_alert(sample), {}});
        }
        ASSERT_TRUE(store_->commit(batch));
    }
    Step step() { return figures_->step(a_routing(), Destinations{}, false).value(); }
    /// Until nothing is to be done.
    void look(std::string_view at) {
        clock_.set(*parse_rfc3339(at));
        while (step() != Step::idle) {
        }
    }
    /// "2024-11-27:12", a day and its alerts.
    std::vector<std::string> told() {
        std::vector<std::string> out;
        for (const Delivery& one : store_->pending("brin", 100).value()) {
            EXPECT_EQ(one.type, "figures.daily");
            EXPECT_EQ(one.alert_id, "figures");
            const auto data = json::parse(one.body).at("data").as_object();
            out.push_back(fmt::format(
                "{}:{}", std::string(data.at("date").as_string()),
                data.at("classes").at("default").at("alerts").to_number<std::int64_t>()));
        }
        return out;
    }

    TemporaryFolder folder_;
    ManualClock clock_{*parse_rfc3339("2024-11-27T13:00:00+07:00")};
    std::unique_ptr<SqliteAlertStore> store_;
    std::optional<DailyFigures> figures_;
    int number_ = 0;
};

using Told = std::vector<std::string>;

TEST_F(Days, EndAtMidnightInJakarta) {
    look("2024-11-27T13:00:00+07:00");
    raise(3, "2024-11-27T23:59:59+07:00");
    look("2024-11-27T23:59:59+07:00");
    EXPECT_EQ(told(), Told{});
    look("2024-11-28T00:00:00+07:00");
    EXPECT_EQ(told(), (Told{"2024-11-27:3"}));
    look("2024-11-28T23:00:00+07:00");
    EXPECT_EQ(told(), (Told{"2024-11-27:3"}));
}

TEST_F(Days, AlertsFromBeforeTheFirstStepAreNotCounted) {
    raise(5, "2024-11-27T12:00:00+07:00");
    look("2024-11-27T13:00:00+07:00");
    raise(2, "2024-11-27T14:00:00+07:00");
    look("2024-11-28T00:00:01+07:00");
    EXPECT_EQ(told(), (Told{"2024-11-27:2"}));
}

TEST_F(Days, AnAlertIsCountedWithTheDayInWhichItWasRaised) {
    look("2024-11-27T13:00:00+07:00");
    raise(1, "2024-11-27T20:00:00+07:00");
    raise(4, "2024-11-28T00:00:03+07:00");
    raise(1, "2024-11-27T23:59:58+07:00");
    look("2024-11-28T00:00:05+07:00");
    EXPECT_EQ(told(), (Told{"2024-11-27:2"}));
    raise(1, "2024-11-27T23:59:59+07:00");  // stored late
    look("2024-11-29T00:00:01+07:00");
    EXPECT_EQ(told(), (Told{"2024-11-27:2", "2024-11-28:5"}));
    look("2024-11-30T00:00:01+07:00");
    EXPECT_EQ(told().back(), "2024-11-29:0");
}

TEST_F(Days, ARestartBetweenSlicesNeitherRepeatsNorLoses) {
    look("2024-11-27T13:00:00+07:00");
    raise(static_cast<int>(DailyFigures::kSlice) * 2 + 1, "2024-11-27T20:00:00+07:00");
    clock_.set(*parse_rfc3339("2024-11-28T00:00:01+07:00"));
    EXPECT_EQ(step(), Step::more);
    start();
    EXPECT_EQ(step(), Step::more);
    EXPECT_EQ(step(), Step::more);
    EXPECT_EQ(step(), Step::told);
    start();
    look("2024-11-28T01:00:00+07:00");
    EXPECT_EQ(told(), (Told{fmt::format("2024-11-27:{}", number_)}));
}

TEST_F(Days, ThoseInWhichNobodyLookedAreTold) {
    look("2024-11-27T13:00:00+07:00");
    raise(1, "2024-11-27T20:00:00+07:00");
    start();
    look("2024-11-30T12:00:00+07:00");
    EXPECT_EQ(told(), (Told{"2024-11-27:1", "2024-11-28:0", "2024-11-29:0"}));
    look("2025-11-30T12:00:00+07:00");
    EXPECT_EQ(told().size(), 3u + 31u);
}

TEST_F(Days, MessagesAreCountedAndSealed) {
    look("2024-11-27T13:00:00+07:00");
    look("2024-11-28T00:00:00+07:00");
    ASSERT_EQ(told().size(), 1u);
    EXPECT_EQ(store_->status().value().at(0).pending, 1u);
    const auto records = store_->records({});
    ASSERT_EQ(records.value().size(), 1u);
    const auto check = [&] {
        ledger::Seals seals;
        const auto entries = store_->entries(0, 10).value();
        for (std::size_t i = 0; i < entries.size(); ++i) seals.read(i, entries[i]);
        ledger::Problems problems;
        for (const Delivery& one : store_->pending("brin", 10).value())
            seals.check(ledger::StoredMessage{one.alert_id, one.destination, one.type, one.body,
                                              store_->salts("figures").value()},
                        problems);
        seals.check_dropped(problems);
        return problems.count();
    };
    EXPECT_EQ(check(), 0u);
    ASSERT_TRUE(store_->database().run("UPDATE outbox SET body = body || ' '"));
    EXPECT_EQ(check(), 2u) << "another body than the sealed one, and that one is missing";
}

}  // namespace
}  // namespace kentongan
