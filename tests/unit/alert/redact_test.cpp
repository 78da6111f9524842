#include "daemon/alert/redact.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

namespace kentongan {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;

Alert an_alert() {
    auto rule = std::make_shared<Rule>();
    rule->id = "anomaly:brute-force";
    rule->name = "Many failed logins from one source";
    rule->ruleset = Ruleset::anomaly;
    rule->techniques = {"T1110.001"};
    Alert out;
    out.id = "01JDPY1VY00000000000000000";
    out.rule = rule;
    out.entity = "203.0.113.7";
    out.message = "10 failed logins from 203.0.113.7 within 60 s, the last for 'root'";
    out.severity = Severity::medium;
    out.tlp = Tlp::amber_strict;
    out.count = 10;
    out.first_seen = out.created = *parse_rfc3339("2024-11-27T11:00:00Z");
    out.last_seen = *parse_rfc3339("2024-11-27T11:05:00.5Z");
    out.subject.source_ip = IpAddress::parse("203.0.113.7");
    out.subject.destination_ip = IpAddress::parse("10.1.1.1");
    out.subject.user = "root";
    out.related_ip = {"203.0.113.7", "203.0.113.70"};
    out.related_user = {"root", "oracle"};
    out.related_hash = {std::string(48, 'a') + "3174021508900001"};
    out.evidence.push_back({"log", "/var/log/auth.log", 4711, std::string(64, 'b'),
                            "Failed password for root from 203.0.113.7 port 4022 ssh2"});
    out.agencies = {"kpu", "brin"};
    out.hostname = "jkt-1";
    return out;
}

Route to(std::string agency, std::vector<std::string> withhold = {},
         std::vector<std::string> only = {}) {
    Route out;
    out.agency = std::move(agency);
    out.tlp = Tlp::green;
    out.withhold = std::move(withhold);
    out.only = std::move(only);
    return out;
}
std::string text_of(const Alert& alert, const Route& route) {
    return json::serialize(redacted(alert, route));
}

Alert a_storm() {
    Alert out = an_alert();
    out.subject = {};
    out.entity = "storm from 203.0.113.0/24 of class attack";
    out.message = "Storm: 203.0.113.0/24 causes so many alerts. Newest: dba_9 from 203.0.113.7";
    out.severity_reasons = {"asset root of jkt-1 is critical"};
    out.related_hosts = {"jkt-web"};
    out.storm = Storm{.of = "network",
                      .name = "203.0.113.0/24",
                      .alerts = 70,
                      .ids = {"01JDPY1VY00000000000000001"},
                      .entities = {"203.0.113.7", "jkt-web", "dba_9", "x"}};
    return out;
}

TEST(Redaction, OnlyLetsNothingOutThatItDoesNotName) {
    const json::object out = redacted(a_storm(), to("brin", {}, {"kentongan.count"}));
    EXPECT_EQ(json::serialize(out.at("kentongan")), R"({"count":10})");
    for (const auto& member : out)
        EXPECT_TRUE(std::set<std::string_view>(
                        {"@timestamp", "ecs", "event", "rule", "labels", "kentongan", "message"})
                        .contains(member.key()))
            << member.key();
}

TEST(Redaction, TheSamplesOfAStormAreAsTheListsTheyCouldBeIn) {
    const json::object out = redacted(a_storm(), to("bssn", {"user", "related.user"}));
    const auto& storm = out.at("kentongan").at("storm");
    EXPECT_EQ(json::serialize(storm.at("entities")),
              R"(["203.0.113.7","jkt-web","[withheld]","[withheld]"])");
    EXPECT_EQ(storm.at("name"), "203.0.113.0/24");
    EXPECT_THAT(json::serialize(out), Not(HasSubstr("dba_9")));
    EXPECT_THAT(json::serialize(out.at("kentongan").at("severity_reasons")),
                Not(HasSubstr("root")));
    const std::string blind = text_of(a_storm(), to("brin", {"source", "related.ip"}));
    EXPECT_THAT(blind, Not(HasSubstr("203.0.113.")));
    EXPECT_THAT(blind, HasSubstr("jkt-web"));
}

TEST(Redaction, TheSamplesOfAStormCanBeWithheld) {
    const json::object out = redacted(a_storm(), to("bssn", {"kentongan.storm.entities"}));
    EXPECT_FALSE(out.at("kentongan").at("storm").as_object().contains("entities"));
    EXPECT_THAT(json::serialize(out), Not(HasSubstr("dba_9")));
}

TEST(Redaction, WithoutAnyOnlyTheLabelChanges) {
    json::object expected = to_json(an_alert());
    expected["labels"].as_object()["tlp"] = "GREEN";
    EXPECT_EQ(redacted(an_alert(), to("kpu")), expected);
}

TEST(Redaction, WithheldPathsAreGoneAndTheirValuesAreBlottedOut) {
    const std::string text = text_of(an_alert(), to("bssn", {"user", "related.user"}));
    EXPECT_THAT(text, Not(HasSubstr("root")));
    EXPECT_THAT(text, Not(HasSubstr("oracle")));
    EXPECT_THAT(text, HasSubstr("Failed password for [withheld] from 203.0.113.7"));
    EXPECT_THAT(text, HasSubstr("the last for '[withheld]'"));
    EXPECT_THAT(text, Not(HasSubstr("\"user\"")));
}

TEST(Redaction, OnlyWholeOccurrencesAreBlottedOut) {
    Alert alert = an_alert();
    alert.message = "root rooted root_2 (root) 203.0.113.7 203.0.113.70";
    const auto out = redacted(alert, to("x", {"user", "related.user", "source.ip"}));
    EXPECT_EQ(out.at("message").as_string(),
              "[withheld] rooted root_2 ([withheld]) [withheld] 203.0.113.70");
}

TEST(Redaction, AMemberOfAListCanBeWithheld) {
    const auto out = redacted(an_alert(), to("x", {"kentongan.evidence.excerpt", "source.ip"}));
    const auto& evidence = out.at("kentongan").at("evidence").as_array().at(0).as_object();
    EXPECT_FALSE(evidence.contains("excerpt"));
    EXPECT_EQ(evidence.at("offset").to_number<int>(), 4711);
    EXPECT_FALSE(out.at("source").as_object().contains("ip"));
}

TEST(Redaction, AWithheldMessageBecomesTheRulesName) {
    const auto out = redacted(an_alert(), to("x", {"message"}));
    EXPECT_EQ(out.at("message").as_string(), "Many failed logins from one source");
}

TEST(Redaction, AnAllowListKeepsTheRuleTheTimeAndWhatItNames) {
    const std::string text =
        text_of(an_alert(), to("brin", {}, {"threat", "kentongan.count", "kentongan.last_seen"}));
    for (const auto* hidden : {"203.0.113", "root", "oracle", "10.1.1.1", "jkt-1", "auth.log",
                               "entity", "evidence", "first_seen", "agencies"})
        EXPECT_THAT(text, Not(HasSubstr(hidden))) << hidden;
    for (const auto* shown :
         {"anomaly:brute-force", "T1110.001", "\"count\":10", "last_seen",
          "01JDPY1VY00000000000000000", "\"tlp\":\"GREEN\"", "2024-11-27T11:00"})
        EXPECT_THAT(text, HasSubstr(shown)) << shown;
}

TEST(Redaction, WhatIsBothNamedAndWithheldIsWithheld) {
    const auto out = redacted(an_alert(), to("x", {"related.user"}, {"related"}));
    EXPECT_TRUE(out.at("related").as_object().contains("ip"));
    EXPECT_FALSE(out.at("related").as_object().contains("user"));
}

TEST(Nik, IsToldFromOtherNumbersOfSixteenDigits) {
    EXPECT_TRUE(looks_like_nik("3174021508900001"));
    EXPECT_TRUE(looks_like_nik("3174025508900001"));   // a woman's: day 15 + 40
    EXPECT_FALSE(looks_like_nik("3074021508900001"));  // no province 30
    EXPECT_FALSE(looks_like_nik("3174023208900001"));  // day 32
    EXPECT_FALSE(looks_like_nik("3174024008900001"));  // day 40
    EXPECT_FALSE(looks_like_nik("3174027208900001"));  // day 72
    EXPECT_FALSE(looks_like_nik("3174020008900001"));  // day 0
    EXPECT_FALSE(looks_like_nik("3174021513900001"));  // month 13
    EXPECT_FALSE(looks_like_nik("3174021508900000"));  // serial 0
    EXPECT_FALSE(looks_like_nik("4111111111111111"));  // a card number
    EXPECT_FALSE(looks_like_nik("317402150890000"));
    EXPECT_FALSE(looks_like_nik("317402150890000a"));
}

TEST(Nik, IsMaskedWhereverItStandsAlone) {
    EXPECT_EQ(mask_nik("nik=3174021508900001&x"), "nik=************0001&x");
    EXPECT_EQ(mask_nik("3174021508900001,3174025508900002"), "************0001,************0002");
    EXPECT_EQ(mask_nik("31740215089000010"), "31740215089000010");  // seventeen digits
    EXPECT_EQ(mask_nik("TPS 3174021004010"), "TPS 3174021004010");
    EXPECT_EQ(mask_nik("4111111111111111"), "4111111111111111");
    EXPECT_EQ(mask_nik(""), "");
}

TEST(Nik, CutShortAtTheEndOfAnExcerptIsMaskedToo) {
    EXPECT_EQ(mask_nik("nik=317402150890…"), "nik=************…");
    EXPECT_EQ(mask_nik("port=3174…"), "port=3174…");
}

TEST(Nik, IsMaskedForAllButTheOwner) {
    Alert alert = an_alert();
    alert.message = "lookup of 3174021508900001";
    alert.subject.url = "/cek?nik=3174021508900001";
    alert.evidence[0].excerpt = "GET /cek?nik=3174021508900001";
    alert.related_user = {"3174021508900001"};
    std::string text = text_of(alert, to("bssn"));
    const auto hash = text.find(alert.related_hash[0]);
    ASSERT_NE(hash, std::string::npos);  // a hash that happens to hold such digits stays
    text.erase(hash, alert.related_hash[0].size());
    EXPECT_THAT(text, Not(HasSubstr("3174021508900001")));
    Route owner = to("kpu");
    owner.full = true;
    EXPECT_THAT(text_of(alert, owner), HasSubstr("GET /cek?nik=3174021508900001"));
}

TEST(OutboundBody, IsAStandardWebhooksEnvelope) {
    const std::string body = outbound_body(an_alert(), to("brin"), "alert.created");
    const json::object out = json::parse(body).as_object();
    EXPECT_EQ(out.at("type").as_string(), "alert.created");
    EXPECT_EQ(out.at("timestamp").as_string(), "2024-11-27T11:05:00.500Z");
    EXPECT_EQ(out.at("data"), redacted(an_alert(), to("brin")));
    EXPECT_EQ(body, outbound_body(an_alert(), to("brin"), "alert.created"));
}

TEST(OutboundBody, DropsExcerptsFirstWhenTooLarge) {
    Alert alert = an_alert();
    alert.evidence.assign(16, {"log", "/var/log/auth.log", 1, std::string(64, 'b'),
                               std::string(1024, '"')});  // each quote is two bytes in JSON
    const std::string body = outbound_body(alert, to("kpu"), "alert.updated");
    EXPECT_LT(body.size(), kMaximumBody);
    const auto data = json::parse(body).at("data").as_object();
    EXPECT_TRUE(data.at("kentongan").at("truncated").as_bool());
    const auto& evidence = data.at("kentongan").at("evidence").as_array();
    EXPECT_EQ(evidence.size(), 16u);
    EXPECT_FALSE(evidence[0].as_object().contains("excerpt"));
    EXPECT_FALSE(json::parse(outbound_body(an_alert(), to("kpu"), "alert.created"))
                     .at("data")
                     .at("kentongan")
                     .as_object()
                     .contains("truncated"));
}

TEST(OutboundBody, StaysBelowTheLimitWhateverTheAlertHolds) {
    Alert alert = an_alert();
    auto rule = std::make_shared<Rule>(*alert.rule);
    rule->name = std::string(50000, 'n');
    rule->authors.assign(500, std::string(300, 'a'));
    rule->techniques.assign(500, "T1110");
    alert.rule = rule;
    alert.message = std::string(30000, '\x01');  // six bytes each in JSON
    alert.entity = alert.subject.url = alert.subject.file_path = std::string(30000, '\\');
    alert.related_ip.assign(64, std::string(2000, 'i'));
    alert.evidence.assign(
        16, {"log", std::string(4000, 's'), 1, std::string(64, 'b'), std::string(1024, 'x')});
    const std::string body = outbound_body(alert, to("kpu"), "alert.created");
    EXPECT_LT(body.size(), kMaximumBody);
    EXPECT_EQ(json::parse(body).at("data").at("event").at("id").as_string(), alert.id);
}

}  // namespace
}  // namespace kentongan
