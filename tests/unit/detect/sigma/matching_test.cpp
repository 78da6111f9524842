#include <gtest/gtest.h>

#include <random>

#include "daemon/detect/sigma/event_reader.hpp"
#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

Event event_with(std::string_view json) { return read_event(json).value(); }

TEST(SigmaMatching, AMissingFieldIsNoMatchAndItsNegationIsOne) {
    const Event event = event_with(R"({"b": "x"})");
    EXPECT_FALSE(fires_item("a: x", event));
    EXPECT_FALSE(fires_item("a|contains: ''", event));
    EXPECT_TRUE(fires("s: {b: x}\nf: {a: x}\ncondition: s and not f", event));
}

TEST(SigmaMatching, NumbersEqualTheirTexts) {
    for (const char* json : {R"({"a": 404})", R"({"a": "404"})", R"({"a": 404.0})"})
        EXPECT_TRUE(fires_item("a: 404", event_with(json))) << json;
    EXPECT_TRUE(fires_item("a: '404'", event_with(R"({"a": 404})")));
    EXPECT_FALSE(fires_item("a: 404", event_with(R"({"a": "404x"})")));
    EXPECT_FALSE(fires_item("a: '0x17'", event_with(R"({"a": 23})")));
    EXPECT_TRUE(fires_item("a: 0x17", event_with(R"({"a": "0x17"})")));
    EXPECT_TRUE(fires_item("a|contains: 5", event_with(R"({"a": "1537"})")));
    EXPECT_TRUE(fires_item("a: 9007199254740993", event_with(R"({"a": 9007199254740993})")));
    EXPECT_FALSE(fires_item("a: 9007199254740993", event_with(R"({"a": 9007199254740992})")));
}

TEST(SigmaMatching, BooleansEqualTheirTexts) {
    EXPECT_TRUE(fires_item("a: true", event_with(R"({"a": true})")));
    EXPECT_TRUE(fires_item("a: 'True'", event_with(R"({"a": true})")));
    EXPECT_TRUE(fires_item("a: false", event_with(R"({"a": "False"})")));
    EXPECT_FALSE(fires_item("a: false", event_with(R"({"a": true})")));
}

TEST(SigmaMatching, NullIsAbsentOrNullAndEmptyIsNeither) {
    EXPECT_TRUE(fires_item("a: null", event_with(R"({"b": 1})")));
    EXPECT_TRUE(fires_item("a: null", event_with(R"({"a": null})")));
    EXPECT_TRUE(fires_item("a: []", event_with(R"({"a": null})")));
    EXPECT_FALSE(fires_item("a: null", event_with(R"({"a": ""})")));
    EXPECT_TRUE(fires_item("a: ''", event_with(R"({"a": ""})")));
    EXPECT_FALSE(fires_item("a: ''", event_with(R"({"a": null})")));
    EXPECT_FALSE(fires_item("a: ''", event_with(R"({"b": 1})")));
    EXPECT_TRUE(fires_item("a: [x, null]", event_with(R"({"b": 1})")));
    EXPECT_TRUE(fires_item("a: ['', null]", event_with(R"({"a": ""})")));
    EXPECT_FALSE(fires_item("a: 'null'", event_with(R"({"a": null})")));
}

TEST(SigmaMatching, ExistsAsksForPresenceOnly) {
    EXPECT_TRUE(fires_item("a|exists: true", event_with(R"({"a": null})")));
    EXPECT_FALSE(fires_item("a|exists: true", event_with(R"({"b": 1})")));
    EXPECT_TRUE(fires_item("a|exists: false", event_with(R"({"b": 1})")));
}

TEST(SigmaMatching, ListsAreAnyAndAllIsAll) {
    const Event event = event_with(R"({"a": "one two"})");
    EXPECT_TRUE(fires_item("a|contains: [two, three]", event));
    EXPECT_FALSE(fires_item("a|contains|all: [two, three]", event));
    EXPECT_TRUE(fires_item("a|contains|all: [two, one]", event));
    EXPECT_TRUE(fires_item("a|all|contains: [one]", event));
}

TEST(SigmaMatching, AnArrayMatchesByAnyElement) {
    const Event event = event_with(R"({"a": ["x", "yes", 7]})");
    EXPECT_TRUE(fires_item("a: YES", event));
    EXPECT_TRUE(fires_item("a: 7", event));
    EXPECT_FALSE(fires_item("a: z", event));
    EXPECT_FALSE(fires_item("a|neq: x", event));
    EXPECT_TRUE(fires_item("a|contains|all: [x, ye]", event));
}

TEST(SigmaMatching, ComparesNumbers) {
    const Event event = event_with(R"({"a": "10.5", "t": "ten"})");
    EXPECT_TRUE(fires_item("a|gt: 10", event));
    EXPECT_FALSE(fires_item("a|gt: 10.5", event));
    EXPECT_TRUE(fires_item("a|gte: 10.5", event));
    EXPECT_TRUE(fires_item("a|lt: 11", event));
    EXPECT_FALSE(fires_item("a|lte: -1", event));
    EXPECT_FALSE(fires_item("t|lt: 100", event));
    EXPECT_FALSE(fires_item("none|lt: 100", event));
}

TEST(SigmaMatching, NetworksSeeMappedAddressesAsIpv4) {
    EXPECT_TRUE(fires_item("a|cidr: 10.0.0.0/8", event_with(R"({"a": "::ffff:10.1.2.3"})")));
    EXPECT_TRUE(
        fires_item("a|cidr: ['192.168.0.0/16', 'fc00::/7']", event_with(R"({"a": "fd00::1"})")));
    EXPECT_FALSE(fires_item("a|cidr: 10.0.0.0/8", event_with(R"({"a": "10.1.2.3:80"})")));
    EXPECT_TRUE(
        fires_item("source.ip|cidr: 203.0.113.7/32",
                   an_event().with(Field::source_ip, *IpAddress::parse("203.0.113.7")).build()));
    EXPECT_TRUE(
        fires_item("c-ip|startswith: '203.0.113.'",
                   an_event().with(Field::source_ip, *IpAddress::parse("203.0.113.7")).build()));
}

TEST(SigmaMatching, RegularExpressionsSearchAndKeepCase) {
    const Event event = event_with(R"({"a": "first\nSecond line", "n": 4625})");
    EXPECT_TRUE(fires_item("a|re: 'Sec.nd'", event));
    EXPECT_FALSE(fires_item("a|re: 'second'", event));
    EXPECT_TRUE(fires_item("a|re|i: 'second'", event));
    EXPECT_FALSE(fires_item("a|re: '^Second'", event));
    EXPECT_TRUE(fires_item("a|re|m: '^Second'", event));
    EXPECT_FALSE(fires_item("a|re: 'first.Second'", event));
    EXPECT_TRUE(fires_item("a|re|s: 'first.Second'", event));
    EXPECT_TRUE(fires_item("n|re: '^46\\d\\d$'", event));
    EXPECT_TRUE(fires_item("a|re: 'x\\*y'", event_with(R"({"a": "x*y"})")));
}

TEST(SigmaMatching, AnExplodingExpressionIsGivenUpAndCounted) {
    const auto ruleset = ruleset_of(rule_text("s: {a|re: '^(a+)+$'}\ncondition: s"));
    const Event event = event_with(R"({"a": ")" + std::string(40, 'a') + R"(!"})");
    Evaluation evaluation(ruleset.program());
    evaluation.begin(event, nullptr);
    EXPECT_FALSE(evaluation.holds(ruleset.program().rules[0]));
    EXPECT_EQ(evaluation.gave_up(), 1u);
}

TEST(SigmaMatching, CasedTurnsFoldingOff) {
    const Event event = event_with(R"({"a": "Sirekap"})");
    EXPECT_TRUE(fires_item("a|contains|cased: Sire", event));
    EXPECT_FALSE(fires_item("a|cased|contains: sire", event));
    EXPECT_TRUE(fires_item("a|contains: sire", event));
}

TEST(SigmaMatching, EncodingsAreSearchedAsTheirTexts) {
    EXPECT_TRUE(fires_item("a|base64offset|contains: 'foo'", event_with(R"({"a": "..Zvb.."})")));
    EXPECT_TRUE(fires_item("a|base64: 'foo'", event_with(R"({"a": "Zm9v"})")));
    EXPECT_TRUE(
        fires_item("a|wide|base64offset|contains: 'ping'", event_with(R"({"a": "cABpAG4AZw"})")));
    EXPECT_TRUE(fires_item("a|windash|contains: ' -enc '", event_with(R"({"a": "x /ENC y"})")));
    EXPECT_FALSE(
        fires_item("a|windash|contains|all: [' -a ', ' -b ']", event_with(R"({"a": " /a "})")));
}

TEST(SigmaMatching, FieldsAreComparedWithEachOther) {
    EXPECT_TRUE(fires_item("a|fieldref: b", event_with(R"({"a": "X", "b": "x"})")));
    EXPECT_FALSE(fires_item("a|fieldref|cased: b", event_with(R"({"a": "X", "b": "x"})")));
    EXPECT_FALSE(fires_item("a|fieldref: b", event_with(R"({"a": "X"})")));
    EXPECT_TRUE(
        fires_item("a|fieldref|endswith: b", event_with(R"({"a": "budi@kpu", "b": "kpu"})")));
    EXPECT_TRUE(fires_item("a|fieldref|neq: b", event_with(R"({"a": "X", "b": "y"})")));
    EXPECT_TRUE(fires_item("a|fieldref: b", event_with(R"({"a": 5, "b": "5"})")));
}

TEST(SigmaMatching, KeywordsSearchTheRawLineAndDecodedValues) {
    const Event line = an_event().saying("Failed password for root").build();
    EXPECT_TRUE(fires("k: ['failed PASS', nothing]\ncondition: k", line));
    EXPECT_TRUE(fires("k: ['failed*root']\ncondition: k", line));
    EXPECT_TRUE(fires("k: {'|all': [failed, root]}\ncondition: k", line));
    EXPECT_FALSE(fires("k: {'|all': [failed, admin]}\ncondition: k", line));
    EXPECT_TRUE(fires("k: {'|re': 'for \\w+$'}\ncondition: k", line));
    EXPECT_TRUE(fires("k: password\ncondition: k", line));
    EXPECT_TRUE(
        fires("k: ['C:\\Windows']\ncondition: k", event_with(R"({"p": "C:\\windows\\x"})")));
    EXPECT_TRUE(fires("k: [nothing, {a: 1}]\ncondition: k", event_with(R"({"a": 1})")));
}

TEST(SigmaMatching, FieldNamesMatchExactlyFirstThenInAnyCase) {
    EXPECT_TRUE(fires_item("EventTyp: x", event_with(R"({"eventTyp": "x"})")));
    EXPECT_FALSE(fires_item("EventTyp: x", event_with(R"({"eventTyp": "x", "EventTyp": "y"})")));
    EXPECT_TRUE(fires_item("ThreatName: x", event_with(R"({"Threat Name": "x"})")));
}

TEST(SigmaMatching, WebNamesReadEcsFields) {
    const Event event = event_with(
        R"({"url.original": "/a/b?c=d", "url.path": "/a/b", "url.query": "c=d",
            "http.response.status_code": 404, "user_agent.original": ""})");
    EXPECT_TRUE(fires_item("cs-uri-query|contains: '/a/b'", event));
    EXPECT_TRUE(fires_item("cs-uri-query: 'c=d'", event));
    EXPECT_TRUE(fires_item("cs-uri-stem: '/a/b'", event));
    EXPECT_TRUE(fires_item("sc-status: 404", event));
    EXPECT_TRUE(fires_item("c-useragent: ''", event));
    EXPECT_TRUE(fires_item("cs-method: null", event));
    EXPECT_TRUE(fires_item("cs-uri-query: null", event_with(R"({"url.original": "/a/b"})")));
    EXPECT_TRUE(fires_item("cs-uri-query|contains: a", event_with(R"({"cs-uri-query": "a=1"})")));
}

TEST(SigmaMatching, ZeekNamesReadEcsFieldsForZeekRulesOnly) {
    const Event event = event_with(R"({"dns.question.name": "a.b", "source.ip": "10.0.0.1"})");
    const std::string detection = "s: {query: 'a.b', id.orig_h|cidr: 10.0.0.0/8}\ncondition: s";
    EXPECT_TRUE(rule_holds(ruleset_of(rule_text(detection, "product: zeek, service: dns")), event));
    EXPECT_FALSE(rule_holds(ruleset_of(rule_text(detection, "product: other")), event));
}

TEST(SigmaConditions, PrecedenceIsNotThenAndThenOr) {
    const std::string selections = "a: {x: 1}\nb: {y: 1}\nc: {z: 1}\n_h: {x: 9}\ncondition: ";
    const Event x = event_with(R"({"x": 1})");
    const Event yz = event_with(R"({"y": 1, "z": 1})");
    EXPECT_TRUE(fires(selections + "a or b and c", x));
    EXPECT_FALSE(fires(selections + "(a or b) and c", x));
    EXPECT_FALSE(fires(selections + "not a and b or c", x));
    EXPECT_TRUE(fires(selections + "not a and b and c", yz));
    EXPECT_TRUE(fires(selections + "1 of them", x));
    EXPECT_FALSE(fires(selections + "all of them", x));
    EXPECT_FALSE(fires(selections + "1 of _*", x));
    EXPECT_TRUE(fires(selections + "not not a", x));
    EXPECT_TRUE(fires(selections + "a and not 1 of none_*", x));
    EXPECT_TRUE(fires(selections + "any of b*", yz));
    EXPECT_TRUE(fires("a-b: {x: 1}\ncondition: ['a-b', 'not a-b']", yz));
}

TEST(SigmaRouting, ConflictsOnlyWhereBothSidesSetAnAttribute) {
    const LogSourceNames rule{"webserver", "", ""};
    EXPECT_FALSE(conflicts(rule, {"webserver", "nginx", "access"}));
    EXPECT_FALSE(conflicts(rule, {}));
    EXPECT_FALSE(conflicts(rule, {"", "linux", ""}));
    EXPECT_TRUE(conflicts(rule, {"proxy", "", ""}));
    EXPECT_TRUE(conflicts({"", "linux", "sshd"}, {"", "linux", "sudo"}));
}

/// Random rules over random events: the index must never change an answer.
TEST(SigmaMatching, TheIndexAnswersLikePlainEvaluation) {
    std::mt19937 random(2024);
    const auto pick = [&](std::size_t count) { return random() % count; };
    const auto word = [&](std::size_t longest) {
        std::string out;
        for (std::size_t i = pick(longest + 1); i > 0; --i) out += "abA*?\\-"[pick(7)];
        return out;
    };
    constexpr const char* kModifiers[] = {
        "",     "|contains", "|startswith",   "|endswith",
        "|neq", "|cased",    "|contains|all", "|contains|windash"};
    for (int round = 0; round < 400; ++round) {
        std::string detection = "k: ['" + word(4) + "x', '" + word(6) + "']\n";
        for (const char* name : {"s1", "s2"}) {
            detection += std::string(name) + ":\n";
            for (const char* field : {"a", "b"})
                detection += std::string("  ") + field + kModifiers[pick(8)] + ": ['" + word(3) +
                             "', '" + word(6) + "']\n";
        }
        detection +=
            pick(2) == 0 ? "condition: 1 of s* or k" : "condition: s1 and not s2 and not k";
        const auto ruleset = ruleset_of(rule_text(detection));
        for (int i = 0; i < 10; ++i)
            rule_holds(
                ruleset,
                an_event().with("a", word(12)).with("b", word(5)).with("A", word(3)).build());
    }
}

}  // namespace
}  // namespace kentongan::sigma
