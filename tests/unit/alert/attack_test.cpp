#include "daemon/alert/attack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/alert/alert.hpp"

namespace kentongan {
namespace {

using testing::ElementsAre;

TEST(AttackIds, AFormerIdIsFoundByItsPresentOneAndTheOtherWayRound) {
    EXPECT_THAT(attack::with_other_ids({"T1562.001"}), ElementsAre("T1562.001", "T1685", "T1089"));
    EXPECT_THAT(attack::other_ids("T1685"), testing::Contains("T1562.001"));
    EXPECT_THAT(attack::with_other_ids({"T1070.002"}), ElementsAre("T1070.002", "T1685.006"));
    EXPECT_THAT(attack::with_other_ids({"T1100"}), ElementsAre("T1100", "T1505.003"));
}

TEST(AttackIds, WhatNeverChangedAndWhatIsNoIdStaysAlone) {
    EXPECT_THAT(attack::with_other_ids({"T1190", "nonsense", ""}),
                ElementsAre("T1190", "nonsense", ""));
}

TEST(AttackIds, AskingTwiceAddsNothingToTheTablesOwnPairs) {
    for (const auto* id : {"T1562.012", "T1070.002", "T1562.004", "T1100", "T1492"}) {
        const auto once = attack::with_other_ids({id});
        EXPECT_EQ(attack::with_other_ids(once), once) << id;
    }
}

TEST(AttackIds, AnAlertCarriesBothIds) {
    auto rule = std::make_shared<Rule>();
    rule->id = "r";
    rule->name = "Auditing stopped";
    rule->techniques = {"T1685.004"};
    Alert alert;
    alert.id = "a";
    alert.rule = rule;
    const auto json = to_json(alert);
    const std::string ids = boost::json::serialize(json.at("threat"));
    EXPECT_EQ(ids, R"({"technique":{"id":["T1685.004","T1562.012"]}})");
    const auto again = alert_from_json(json);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_json(*again), json);
}

}  // namespace
}  // namespace kentongan
