#include "daemon/pipeline/workflow_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "daemon/base/file.hpp"
#include "daemon/detect/sirekap/assignments.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

using testing::HasSubstr;

std::string refusal_of(const Config& config) {
    const auto options = workflow_options(config, 0);
    return options ? "" : options.error().message;
}

TEST(WorkflowOptions, TakeWhatSettingsSay) {
    TemporaryFolder folder;
    ASSERT_TRUE(write_file(folder / "a.csv", "tps,account\n3171011001001,kpps-1\n"));
    Config config;
    config.sirekap.assignments = folder / "a.csv";
    config.workflow.bulk_tps = 7;
    config.sirekap.election = "pemilu2024";
    config.change_window["cw-1"] = {"2024-11-28T08:00:00+07:00",
                                    "2024-11-28T18:00:00+07:00",
                                    {"3171"},
                                    {"ppk-1"},
                                    "clean-up",
                                    "KPU RI",
                                    "none"};
    config.change_window["p-1"] = {
        "2024-11-28T08:00:00+07:00", "2024-11-28T18:00:00+07:00", {}, {}, "", "PPK", "kecamatan"};
    config.voting_day["psu"] = {"2024-12-05", {"317101"}, false};
    const auto options = workflow_options(config, 3);
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->assignments->size(), 1u);
    EXPECT_EQ(options->bulk_tps, 7u);
    EXPECT_EQ(options->election.maximum_voters, 300);
    EXPECT_EQ(options->seed, 3u);
    const auto at = *parse_rfc3339("2024-11-28T10:00:00+07:00");
    EXPECT_TRUE(options->windows.ordered("3171011001001", at, "ppk-1"));
    EXPECT_FALSE(options->windows.ordered("3171011001001", at, "ppk-2"));
    EXPECT_TRUE(options->windows.in_plenary(sirekap::Level::kecamatan, "3172", at));
    EXPECT_EQ(to_rfc3339(options->voting_days.at(0).day, 0), "2024-12-05T00:00:00Z");
}

TEST(WorkflowOptions, NameTheSettingThatIsWrong) {
    Config config;
    config.change_window["x"] = {
        "2024-11-28T18:00:00+07:00", "2024-11-28T08:00:00+07:00", {}, {}, "", "KPU", "none"};
    EXPECT_THAT(refusal_of(config), HasSubstr("change_window.x: give from and to"));
    config.change_window["x"] = {
        "2024-11-28T08:00:00+07:00", "2024-11-28T18:00:00+07:00", {"31710"}, {}, "", "KPU", "none"};
    EXPECT_THAT(refusal_of(config), HasSubstr("change_window.x.areas: '31710' is no code"));
    config = {};
    config.voting_day["y"] = {"5 December", {"3171"}, false};
    EXPECT_THAT(refusal_of(config), HasSubstr("voting_day.y.day is '5 December'"));
    config.voting_day["y"] = {"2024-12-05", {}, false};
    EXPECT_THAT(refusal_of(config), HasSubstr("voting_day.y.areas"));
    config = {};
    config.workflow.application_hosts = {"10.10.0.0/240"};
    EXPECT_THAT(refusal_of(config), HasSubstr("workflow.application_hosts"));
    config = {};
    config.workflow.positions = "/nonexistent.csv";
    EXPECT_THAT(refusal_of(config), HasSubstr("positions of TPS"));
}

}  // namespace
}  // namespace kentongan
