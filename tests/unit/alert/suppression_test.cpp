#include "daemon/alert/suppression.hpp"

#include <gtest/gtest.h>

namespace kentongan {
namespace {

const Timestamp kNow = *parse_rfc3339("2024-11-27T11:00:00Z");

Suppression a_suppression(std::string id) {
    Suppression out;
    out.id = std::move(id);
    out.reason = "our own scanner";
    out.owner = "soc";
    out.begins = kNow - std::chrono::hours{1};
    out.expires = kNow + std::chrono::hours{1};
    return out;
}

const Suppression* find(const Suppression& one, const std::string& rule, const std::string& entity,
                        const std::string& source = "", Timestamp now = kNow) {
    static std::optional<Suppressions> suppressions;
    suppressions.emplace(std::vector{one});
    return suppressions->find(rule, entity, IpAddress::parse(source), now);
}

TEST(Suppression, CoversItsRuleOnly) {
    Suppression one = a_suppression("s1");
    one.rule_id = "sigma:scan";
    EXPECT_NE(find(one, "sigma:scan", "x"), nullptr);
    EXPECT_EQ(find(one, "sigma:other", "x"), nullptr);
}

TEST(Suppression, CoversFromItsBeginUntilItsExpiryAndNoLonger) {
    Suppression one = a_suppression("s1");
    one.rule_id = "r";
    EXPECT_NE(find(one, "r", "x", "", one.begins), nullptr);
    EXPECT_EQ(find(one, "r", "x", "", one.begins - Duration{1}), nullptr);
    EXPECT_NE(find(one, "r", "x", "", one.expires - Duration{1}), nullptr);
    EXPECT_EQ(find(one, "r", "x", "", one.expires), nullptr);
}

TEST(Suppression, EntityIsAGlob) {
    Suppression one = a_suppression("s1");
    one.entity = "web-*.kpu.go.id";
    EXPECT_NE(find(one, "r", "web-12.kpu.go.id"), nullptr);
    EXPECT_EQ(find(one, "r", "db-1.kpu.go.id"), nullptr);
}

TEST(Suppression, SourceIsANetworkOrOneAddressAndAFindingWithoutSourceIsNotCovered) {
    Suppression one = a_suppression("s1");
    one.source_ip = "10.1.0.0/16";
    EXPECT_NE(find(one, "r", "x", "10.1.2.3"), nullptr);
    EXPECT_EQ(find(one, "r", "x", "10.2.2.3"), nullptr);
    EXPECT_EQ(find(one, "r", "x"), nullptr);
    one.source_ip = "2001:db8::7";
    EXPECT_NE(find(one, "r", "x", "2001:db8::7"), nullptr);
    EXPECT_EQ(find(one, "r", "x", "2001:db8::8"), nullptr);
}

TEST(Suppression, ASlipSilencesNothing) {
    EXPECT_EQ(find(a_suppression("names nothing"), "r", "x", "10.1.2.3"), nullptr);
    Suppression bad = a_suppression("bad network");
    bad.rule_id = "r";
    bad.source_ip = "10.1.0.0/99";
    EXPECT_EQ(find(bad, "r", "x", "10.1.2.3"), nullptr);
}

TEST(Suppression, TheFirstInTheListIsNamed) {
    Suppression any = a_suppression("any");
    any.entity = "*";
    Suppression own = a_suppression("own");
    own.rule_id = "r";
    const Suppressions any_first{{any, own}};
    EXPECT_EQ(any_first.find("r", "x", std::nullopt, kNow)->id, "any");
    const Suppressions own_first{{own, any}};
    EXPECT_EQ(own_first.find("r", "x", std::nullopt, kNow)->id, "own");
}

TEST(Glob, StarsAndQuestionMarks) {
    EXPECT_TRUE(matches_glob("", ""));
    EXPECT_FALSE(matches_glob("", "a"));
    EXPECT_TRUE(matches_glob("*", ""));
    EXPECT_TRUE(matches_glob("a*c*e", "abcde"));
    EXPECT_FALSE(matches_glob("a*c*e", "abcdef"));
    EXPECT_TRUE(matches_glob("a?c", "abc"));
    EXPECT_FALSE(matches_glob("a?c", "ac"));
    EXPECT_TRUE(matches_glob("**x**", "x"));
    EXPECT_TRUE(matches_glob("*ab", "aab"));
}

TEST(Glob, ManyStarsDoNotTakeForever) {
    std::string stars;
    for (int i = 0; i < 256; ++i) stars += "*a";
    EXPECT_FALSE(matches_glob(stars + "b", std::string(512, 'a')));
}

}  // namespace
}  // namespace kentongan
