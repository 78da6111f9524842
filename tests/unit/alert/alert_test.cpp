#include "daemon/alert/alert.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace kentongan {
namespace {

Alert an_alert() {
    auto rule = std::make_shared<Rule>();
    rule->id = "anomaly:port-scan";
    rule->name = "Port scan";
    rule->ruleset = Ruleset::anomaly;
    rule->version = "1";
    rule->authors = {"Kentongan"};
    rule->techniques = {"T1046"};
    rule->categories = {"network"};
    Alert alert;
    alert.id = "01JDPY1VY00000000000000000";
    alert.rule = rule;
    alert.entity = "192.0.2.7";
    alert.message = "192.0.2.7 tried 120 ports";
    alert.count = 3;
    alert.first_seen = *parse_rfc3339("2024-11-27T09:31:05.120000001Z");
    alert.last_seen = *parse_rfc3339("2024-11-27T09:32:00Z");
    alert.created = alert.last_seen;
    alert.subject.source_ip = IpAddress::parse("192.0.2.7");
    alert.subject.tps = "3171011001001";
    alert.related_ip = {"192.0.2.7"};
    alert.evidence = {{"log", "/var/log/auth.log", 123, "ab", "line"}};
    alert.agencies = {"kpu", "bssn"};
    alert.hostname = "jkt-02";
    return alert;
}

TEST(AlertJson, HasTheContractsShape) {
    const auto json = to_json(an_alert());
    EXPECT_EQ(json.at("@timestamp").as_string(), "2024-11-27T09:31:05.120Z");
    EXPECT_EQ(json.at("event").at("kind").as_string(), "alert");
    EXPECT_EQ(json.at("event").at("severity").as_int64(), 47);
    EXPECT_EQ(json.at("rule").at("ruleset").as_string(), "anomaly");
    EXPECT_EQ(json.at("source").at("ip").as_string(), "192.0.2.7");
    EXPECT_EQ(json.at("labels").at("tlp").as_string(), "AMBER");
    EXPECT_EQ(json.at("labels").at("exercise").as_string(), "false");
    EXPECT_EQ(json.at("kentongan").at("sirekap").at("tps").as_string(), "3171011001001");
    EXPECT_EQ(json.at("threat").at("technique").at("id").at(0).as_string(), "T1046");
    EXPECT_FALSE(json.contains("destination"));
}

TEST(AlertJson, ReadsBackToTheSameJson) {
    const auto json = to_json(an_alert());
    const auto text = boost::json::serialize(json);
    const auto back = alert_from_json(boost::json::parse(text));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(boost::json::serialize(to_json(*back)), text);
}

TEST(AlertJson, NamesTheMemberThatIsMissing) {
    auto json = to_json(an_alert());
    json["kentongan"].as_object().erase("first_seen");
    const auto back = alert_from_json(json);
    ASSERT_FALSE(back);
    EXPECT_NE(back.error().message.find("first_seen"), std::string::npos);
}

}  // namespace
}  // namespace kentongan
