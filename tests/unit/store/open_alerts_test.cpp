// How many alerts nobody has closed, as alerts come, get worse and are closed.
#include "daemon/store/sqlite/open_alerts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "daemon/store/sqlite/sqlite_alert_store.hpp"
#include "daemon/store/sqlite/sqlite_triage.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/store/sample_alerts.hpp"

namespace kentongan {
namespace {

TEST(OpenAlerts, AreCountedBySeverityAndState) {
    TemporaryFolder folder;
    const auto store =
        SqliteAlertStore::open(folder / "alerts.db", SqliteAlertStore::Mode::read_write).value();
    const auto counted = [&] {
        std::map<std::string, std::uint64_t> out;
        for (const OpenAlerts& one : count_open_alerts(store->database()).value())
            if (one.alerts > 0)
                out[fmt::format("{} {}", name_of(one.severity), one.state)] = one.alerts;
        return out;
    };
    using Counts = std::map<std::string, std::uint64_t>;
    EXPECT_EQ(counted(), Counts{});

    AlertBatch batch;
    for (int i = 1; i <= 5; ++i)
        batch.alerts.push_back({make_alert({.number = i, .severity = Severity::medium}), {}});
    ASSERT_TRUE(store->commit(batch));
    EXPECT_EQ(counted(), (Counts{{"medium new", 5}}));

    Alert worse = batch.alerts[0].alert;
    worse.severity = Severity::critical;
    AlertBatch again;
    again.alerts.push_back({worse, {}});
    again.alerts.push_back({batch.alerts[1].alert, {}});  // as it was
    ASSERT_TRUE(store->commit(again));
    EXPECT_EQ(counted(), (Counts{{"medium new", 4}, {"critical new", 1}}));

    SqliteTriage triage{*store};
    const auto move = [&](const Alert& alert, std::string state) {
        Place place = triage.place(alert.id).value().value();
        place.state = std::move(state);
        ++place.revision;
        ASSERT_TRUE(triage.change({.places = {place}}));
    };
    move(worse, "acknowledged");
    move(batch.alerts[1].alert, "closed");
    EXPECT_EQ(counted(), (Counts{{"medium new", 3}, {"critical acknowledged", 1}}));
    move(batch.alerts[1].alert, "new");  // opened again
    EXPECT_EQ(counted(), (Counts{{"medium new", 4}, {"critical acknowledged", 1}}));
}

}  // namespace
}  // namespace kentongan
