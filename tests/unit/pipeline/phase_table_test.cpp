// From a phase's settings to the thresholds of detectors and of the desk.
#include <gtest/gtest.h>

#include "daemon/pipeline/assembly.hpp"

namespace kentongan {
namespace {

TEST(PhaseTable, APhaseChangesWhatItNamesAndNothingElse) {
    Config config;
    config.anomaly.scan_ports = 70;
    config.anomaly.own_networks = {"192.0.2.0/24"};
    config.phase["voting"].begins = "2024-11-27T00:00:00Z";
    config.phase["voting"].ends = "2024-11-28T00:00:00Z";
    config.phase["voting"].thresholds = {{"anomaly.brute_force_failures", "4"},
                                         {"alerts.storm_alerts", "900"},
                                         {"budget.alerts_an_hour", "50"}};
    const auto detectors = stateful_detectors(config);
    ASSERT_TRUE(detectors) << detectors.error().message;
    const auto table = detectors->phases->load();
    EXPECT_EQ(table->otherwise.brute_force_failures, 10);
    ASSERT_EQ(table->rows.size(), 1u);
    const auto& row = table->rows.front();
    EXPECT_EQ(row.begins, *parse_rfc3339("2024-11-27T00:00:00Z"));
    EXPECT_EQ(row.options.brute_force_failures, 4);
    EXPECT_EQ(row.options.scan_ports, 70);
    EXPECT_EQ(row.options.own_networks.size(), 1u);

    const auto context = desk_context(config);
    const Phase& phase = context->calendar.phases().front();
    EXPECT_EQ(phase.storm_alerts, 900u);
    EXPECT_EQ(phase.alerts_an_hour, 50u);
    config.phase["voting"].thresholds.clear();
    EXPECT_EQ(desk_context(config)->calendar.phases().front().storm_alerts, std::nullopt);
}

TEST(PhaseTable, TheDetectorThatTunesTheOthersIsTheFirst) {
    const auto detectors = stateful_detectors({});
    ASSERT_TRUE(detectors) << detectors.error().message;
    EXPECT_EQ(detectors->detectors.front()->name(), "anomaly.phases");
    for (const auto& one : detectors->detectors) EXPECT_NE(one, nullptr);
}

}  // namespace
}  // namespace kentongan
