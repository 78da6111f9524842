// The language: what is understood, what is refused, and where the caret points.
#include "daemon/store/query/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/id.hpp"
#include "daemon/store/query/document.hpp"

namespace kentongan::query {
namespace {

using ::testing::HasSubstr;

const Timestamp kNow = *parse_rfc3339("2024-11-27T09:30:00Z");

Document an_alert() {
    auto rule = std::make_shared<Rule>();
    rule->id = "sigma:upload";
    rule->name = "Suspicious Upload of a script";
    rule->ruleset = Ruleset::sigma;
    rule->techniques = {"T1110.001"};
    Alert alert;
    alert.rule = rule;
    alert.id = "01JDPY1VY0ABCDEFGHJKMNPQRS";
    alert.severity = Severity::high;
    alert.message = "Failed login of budi from 10.1.2.3 to /upload.php";
    alert.first_seen = *parse_rfc3339("2024-11-27T08:00:00Z");
    alert.last_seen = *parse_rfc3339("2024-11-27T09:00:00Z");
    alert.count = 7;
    alert.subject.source_ip = IpAddress::parse("10.1.2.3");
    alert.subject.destination_port = 22;
    alert.subject.user = "Budi";
    alert.subject.file_path = "/var/www/upload.php";
    alert.subject.tps = "3171011001001";
    alert.related_user = {"root", "budi"};
    alert.related_ip = {"2001:db8::7"};
    alert.agencies = {"kpu", "bssn"};
    return document_of(alert);
}

bool finds(std::string_view question) {
    const auto parsed = parse(question, kNow);
    EXPECT_TRUE(parsed) << pointed_out(question, parsed.error());
    return parsed && matches(*parsed, an_alert());
}

Refusal refused(std::string_view question) {
    const auto parsed = parse(question, kNow);
    EXPECT_FALSE(parsed) << question;
    return parsed ? Refusal{} : parsed.error();
}

TEST(QueryLanguage, UnderstandsTheExampleOfItsReference) {
    EXPECT_TRUE(
        finds("severity >= high and source.ip : 10.0.0.0/8 and rule.name : \"*upload*\" and "
              "@timestamp >= now-2h"));
    EXPECT_FALSE(
        finds("severity >= high and source.ip : 10.0.0.0/8 and rule.name : \"*upload*\" "
              "and @timestamp >= now-1h"));
}

TEST(QueryLanguage, AnEmptyQuestionFindsEverything) {
    EXPECT_TRUE(finds(""));
    EXPECT_TRUE(finds("  \t "));
    EXPECT_TRUE(finds("*"));
}

TEST(QueryLanguage, AndBindsTighterThanOrAndNotTighterThanBoth) {
    EXPECT_TRUE(finds("user : budi or user : x and user : y"));
    EXPECT_FALSE(finds("(user : budi or user : x) and user : y"));
    EXPECT_TRUE(finds("not user : x and user : budi"));
    EXPECT_FALSE(finds("not (user : x or user : budi)"));
    EXPECT_TRUE(finds("NOT user : x AND user : budi OR user : z"));
    EXPECT_TRUE(finds("failed user : budi"));
}

TEST(QueryLanguage, ListsOfValuesBelongToTheirField) {
    EXPECT_TRUE(finds("user : (root or budi)"));
    EXPECT_TRUE(finds("related.user : (root and budi)"));
    EXPECT_FALSE(finds("related.user : (root and ani)"));
    EXPECT_TRUE(finds("user : (not root)"));
    EXPECT_TRUE(finds("agency : (polri kpu)"));
}

TEST(QueryLanguage, SeveritiesAreOrdered) {
    EXPECT_TRUE(finds("severity : high"));
    EXPECT_TRUE(finds("severity > medium"));
    EXPECT_FALSE(finds("severity > high"));
    EXPECT_TRUE(finds("severity <= critical"));
    EXPECT_TRUE(finds("severity != low"));
    EXPECT_TRUE(finds("severity < CRITICAL"));
}

TEST(QueryLanguage, NetworksAndAddressesOfBothFamilies) {
    EXPECT_TRUE(finds("source.ip : 10.1.2.3"));
    EXPECT_FALSE(finds("source.ip : 10.1.2.4"));
    EXPECT_TRUE(finds("related.ip : 2001:db8::/32"));
    EXPECT_FALSE(finds("destination.ip : *"));
    EXPECT_TRUE(finds("not source.ip : ::1"));
}

TEST(QueryLanguage, KeywordsHaveWildcardsAndNoCase) {
    EXPECT_TRUE(finds("user : BUDI"));
    EXPECT_TRUE(finds("user : b*"));
    EXPECT_TRUE(finds("user : \"*DI\""));
    EXPECT_FALSE(finds("user : bud"));
    EXPECT_TRUE(finds("file.path : /var/*/upload.*"));
    EXPECT_FALSE(finds("user : bud\\*"));
    EXPECT_TRUE(finds("id : 01jdpy1vy0abcdefghjkmnpqrs"));
}

TEST(QueryLanguage, ATechniqueFindsItsSubTechniques) {
    EXPECT_TRUE(finds("technique : T1110"));
    EXPECT_TRUE(finds("technique : T1110.001"));
    EXPECT_FALSE(finds("technique : T111"));
}

TEST(QueryLanguage, AnAreaFindsWhatLiesInIt) {
    for (const char* code : {"31", "3171", "317101", "3171011001"})
        EXPECT_TRUE(finds(std::string{"area : "} + code)) << code;
    EXPECT_TRUE(finds("sirekap.tps : 3171011001001"));
    EXPECT_FALSE(finds("area : 32"));
}

TEST(QueryLanguage, WordsAreFoundWholeByPartAndAsPhrases) {
    EXPECT_TRUE(finds("failed"));
    EXPECT_FALSE(finds("fail"));
    EXPECT_TRUE(finds("fail*"));
    EXPECT_TRUE(finds("\"failed login\""));
    EXPECT_FALSE(finds("\"login failed\""));
    EXPECT_TRUE(finds("upload.php"));
    EXPECT_TRUE(finds("php"));
    EXPECT_TRUE(finds("10.1.2.3"));
    EXPECT_TRUE(finds("message : budi"));
    EXPECT_FALSE(finds("message : suspicious"));
    EXPECT_TRUE(finds("suspicious"));
}

TEST(QueryLanguage, TimesAreRelativeOrOfAZone) {
    EXPECT_TRUE(finds("@timestamp : 2024-11-27"));
    EXPECT_FALSE(finds("@timestamp : 2024-11-26"));
    EXPECT_TRUE(finds("@timestamp >= \"2024-11-27 15:00 WIB\""));
    EXPECT_FALSE(finds("@timestamp > \"2024-11-27 16:00 WITA\""));
    EXPECT_TRUE(finds("@timestamp : 2024-11-27T17:00WIT"));
    EXPECT_TRUE(finds("@timestamp >= now/d and @timestamp < now"));
    EXPECT_TRUE(finds("last_seen : 2024-11-27T09:00:00Z"));
    EXPECT_TRUE(finds("@timestamp >= 2024 and @timestamp <= 2024-11"));
    EXPECT_TRUE(finds("@timestamp >= now-1d/d"));
}

TEST(QueryLanguage, DaysBeginInWestIndonesia) {
    const auto day = parse_time("2024-11-27", kNow);
    ASSERT_TRUE(day);
    EXPECT_EQ(to_rfc3339(from_nanoseconds(day->low)), "2024-11-26T17:00:00.000Z");
    EXPECT_EQ(parse_time("now/d", kNow)->low, day->low);
}

TEST(QueryLanguage, TriageIsAskedByItsNames) {
    EXPECT_TRUE(finds("state : new"));
    EXPECT_TRUE(finds("suppressed : false and not case : *"));
    EXPECT_FALSE(finds("suppressed : true"));
}

TEST(QueryLanguage, AnUnknownFieldIsPointedAtWithTheNearestOne) {
    const Refusal why = refused("user : budi and sevrity >= high");
    EXPECT_EQ(why.offset, 16u);
    EXPECT_EQ(why.length, 7u);
    EXPECT_THAT(why.message, HasSubstr("did you mean severity?"));
    EXPECT_EQ(pointed_out("sevrity >= high", refused("sevrity >= high")),
              "sevrity >= high\n^^^^^^^\nthere is no field \"sevrity\"; did you mean severity?");
}

struct Bad {
    const char* question;
    std::size_t offset;
    const char* says;
};

TEST(QueryLanguage, EveryRefusalPointsAtTheCharacterAndSaysTheRemedy) {
    for (const Bad& bad :
         {Bad{"severity >= hihg", 12, "did you mean high?"},
          Bad{"source.ip : 10.0.0.1/8", 12, "write 10.0.0.0/8"},
          Bad{"source.ip : 10.0.0.300", 12, "neither an address nor a network"},
          Bad{"count >= many", 9, "no number"}, Bad{"@timestamp >= yesterday", 14, "now-2h"},
          Bad{"(user : a", 0, "not closed"}, Bad{"user : a)", 8, "closes nothing"},
          Bad{"user : \"a", 7, "not closed"}, Bad{"user :", 6, "a value of user"},
          Bad{"user > a", 7, "no order"}, Bad{"and a", 0, "before \"and\""},
          Bad{"a or", 4, "the question ends"}, Bad{": a", 0, "before \":\""},
          Bad{"area : 311", 7, "digits"}, Bad{"state : close", 8, "did you mean closed?"},
          Bad{"exercise : maybe", 11, "neither true nor false"}, Bad{"a ! b", 2, "write not"},
          Bad{"user : \"\"", 7, "not user : *"}, Bad{"\"...\"", 0, "no word"}}) {
        const Refusal why = refused(bad.question);
        EXPECT_EQ(why.offset, bad.offset) << bad.question << ": " << why.message;
        EXPECT_THAT(why.message, HasSubstr(bad.says)) << bad.question;
    }
}

TEST(QueryLanguage, IsBoundedInLengthDepthAndConditions) {
    EXPECT_THAT(refused(std::string(4097, 'a')).message, HasSubstr("4096"));
    EXPECT_THAT(refused(std::string(33, '(') + "a" + std::string(33, ')')).message,
                HasSubstr("levels"));
    std::string nots;
    for (int i = 0; i < 40; ++i) nots += "not ";
    EXPECT_THAT(refused(nots + "a").message, HasSubstr("levels"));
    std::string many;
    for (int i = 0; i < 129; ++i) many += "a ";
    EXPECT_THAT(refused(many).message, HasSubstr("128"));
}

TEST(QueryLanguage, TheCaretStandsUnderItsCharacterWhateverCameBefore) {
    const std::string question = "\"é\" and usr : a";
    const std::string shown = pointed_out(question, refused(question));
    EXPECT_THAT(shown, HasSubstr("\n        ^^^\n"));
    const std::string longer = std::string(100, 'a') + " usr : a";
    EXPECT_THAT(pointed_out(longer, refused(longer)), HasSubstr("…"));
}

}  // namespace
}  // namespace kentongan::query
