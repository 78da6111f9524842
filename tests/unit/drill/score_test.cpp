#include "daemon/drill/score.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace kentongan::drill {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

const Timestamp kClose = generate::close_of_polls();

Scenario an_attack() {
    return {"guessing",      "A password is guessed",
            false,           minutes{60},
            minutes{5},      {"anomaly:brute-force", "SSH passwords guessed"},
            {"kpu", "bssn"}, {"203.0.113.7"},
            [](Scene&) {}};
}
Scenario a_crowd() {
    return {"crowd", "Many people come", true, minutes{62}, minutes{5}, {"anomaly:error-share"}, {},
            {},      [](Scene&) {}};
}

SeenAlert an_alert(Duration after_close, std::string rule, std::string text,
                   Severity severity = Severity::medium) {
    SeenAlert out;
    out.id = "01J";
    out.rule_id = std::move(rule);
    out.rule_name = "a rule";
    out.text = std::move(text);
    out.severity = severity;
    out.first_seen = kClose + after_close;
    out.last_seen = out.first_seen + seconds{5};
    out.created = out.first_seen + seconds{2};
    out.exercise = true;
    return out;
}

class ScoreTest : public testing::Test {
  protected:
    Score score(bool deliveries = true) {
        return score_of(std::vector<const Scenario*>{&attack_, &crowd_}, alerts_, kClose,
                        deliveries);
    }
    Scenario attack_ = an_attack();
    Scenario crowd_ = a_crowd();
    std::vector<SeenAlert> alerts_;
};

TEST_F(ScoreTest, AnAttackThatIsToldToItsAgenciesHasPassed) {
    alerts_.push_back(an_alert(minutes{61}, "anomaly:brute-force", "from 203.0.113.7"));
    alerts_[0].told = {{"kpu", kClose + minutes{62}}, {"bssn", kClose + minutes{63}}};
    const auto result = score();
    EXPECT_TRUE(result.passed());
    EXPECT_EQ(result.scenarios[0].detected, minutes{1} + seconds{2});
    EXPECT_EQ(result.scenarios[0].agencies.at("bssn"), minutes{3});
}

TEST_F(ScoreTest, WithoutAnAlertOrAnAgencyItHasNot) {
    EXPECT_EQ(score().scenarios[0].why, "no alert of its rules");
    alerts_.push_back(an_alert(minutes{61}, "anomaly:brute-force", "from 203.0.113.7"));
    alerts_[0].told = {{"kpu", kClose + minutes{62}}};
    EXPECT_EQ(score().scenarios[0].why, "bssn was not told");
    EXPECT_TRUE(score(false).passed());  // nobody knows of deliveries
}

TEST_F(ScoreTest, AnAlertThatIsLateOrAboutSomeoneElseDoesNotCount) {
    alerts_.push_back(an_alert(minutes{70}, "anomaly:brute-force", "from 203.0.113.7"));
    alerts_.push_back(an_alert(minutes{61}, "anomaly:brute-force", "from 203.0.113.8"));
    const auto result = score(false);
    EXPECT_FALSE(result.scenarios[0].passed);
    // The late one is about the attacker all the same; the other one is a false alarm.
    EXPECT_THAT(result.false_alarms, ElementsAre(&alerts_[1]));
}

TEST_F(ScoreTest, ACrowdTakenForAnAttackHasFailed) {
    alerts_.push_back(an_alert(minutes{61}, "SSH passwords guessed", "from 203.0.113.7"));
    alerts_.push_back(an_alert(minutes{63}, "anomaly:error-share", "of all", Severity::low));
    const auto result = score(false);
    EXPECT_TRUE(result.scenarios[0].passed);
    EXPECT_EQ(result.scenarios[1].why, "taken for an attack: a rule");
    EXPECT_TRUE(result.false_alarms.empty());  // low ones are not
}

TEST_F(ScoreTest, AnAlertWithoutTheMarkOfAnExerciseFailsTheDrill) {
    alerts_.push_back(an_alert(minutes{61}, "anomaly:brute-force", "from 203.0.113.7"));
    EXPECT_TRUE(score(false).passed());
    alerts_[0].exercise = false;
    EXPECT_FALSE(score(false).passed());
    EXPECT_THAT(score(false).unmarked, ElementsAre(&alerts_[0]));
}

TEST_F(ScoreTest, JsonSaysItAll) {
    alerts_.push_back(an_alert(minutes{61}, "anomaly:brute-force", "from 203.0.113.7"));
    alerts_[0].told = {{"kpu", kClose + minutes{62}}};
    const auto json = to_json(score());
    EXPECT_EQ(boost::json::serialize(json.at("scenarios").as_array()[0].at("told_after_seconds")),
              R"({"kpu":1.2E2})");
    EXPECT_EQ(json.at("passed"), false);
    EXPECT_EQ(json.at("scenarios").as_array()[0].at("why"), "bssn was not told");
}

TEST(SeenAlert, WhatIsNoAlertIsAnError) {
    EXPECT_FALSE(SeenAlert::of(boost::json::parse("{}")));
    EXPECT_FALSE(SeenAlert::of(boost::json::parse("[1]")));
}

}  // namespace
}  // namespace kentongan::drill
