// Rules that are not taken: the messages are goldens.
#include <gtest/gtest.h>

#include "daemon/base/digest.hpp"
#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

std::string status_of_item(std::string_view item) {
    return status_of(rule_text("selection:\n  " + std::string(item) + "\ncondition: selection"));
}

std::string status_of_condition(std::string_view condition) {
    return status_of(
        rule_text("selection:\n  a: 1\nfilter_x:\n  b: 1\ncondition: " + std::string(condition)));
}

TEST(SigmaRefusal, ARuleKnowsTheHashOfItsFile) {
    const std::string text = rule_text("selection:\n  a: 1\ncondition: selection");
    const Ruleset rules = ruleset_of(text);
    ASSERT_EQ(rules.size(), 1u);
    EXPECT_EQ(rules.program().rules[0].rule->sha256, sha256_hex(text));
}

TEST(SigmaRefusal, ModifiersAreRefusedByName) {
    EXPECT_EQ(status_of_item("a|contians: x"),
              "unsupported: line 5: unknown modifier 'contians'; did you mean 'contains'?");
    EXPECT_EQ(status_of_item("a|qwertyuiop: x"),
              "unsupported: line 5: unknown modifier 'qwertyuiop'");
    EXPECT_EQ(status_of_item("a|i: x"), "failed: line 5: modifier 'i' is only allowed after 're'");
    EXPECT_EQ(status_of_item("a|contains|re: x"),
              "failed: line 5: modifier 're' cannot follow another that sets the comparison");
    EXPECT_EQ(status_of_item("a|re|contains: x"),
              "unsupported: line 5: a string modifier together with a comparison of another kind");
}

TEST(SigmaRefusal, ValuesOfTheWrongTypeAreRefused) {
    EXPECT_EQ(status_of_item("a|gt: '5'"),
              "failed: line 5: a number is needed here, not the text '5'");
    EXPECT_EQ(status_of_item("a|startswith: 5"),
              "failed: line 5: text is needed here, not a number");
    EXPECT_EQ(status_of_item("a|contains: null"), "failed: line 5: text is needed here, not null");
    EXPECT_EQ(status_of_item("a|exists: maybe"),
              "failed: line 5: true or false is needed here, not the text 'maybe'");
    EXPECT_EQ(
        status_of_item("a|cidr: 10.0.0.1/8"),
        "failed: line 5: the text '10.0.0.1/8' is not a network such as 10.0.0.0/8 (host bits "
        "are zero)");
    EXPECT_EQ(status_of_item("a|base64: 'x*'"),
              "failed: line 5: a value to encode must be text without wildcards");
    EXPECT_EQ(status_of_item("a: {b: 1}"),
              "failed: line 5: a single value is needed here, not a list or map");
    EXPECT_EQ(status_of_item("a|re: '(x'"),
              "failed: line 5: regular expression '(x': missing closing parenthesis at offset 2");
}

TEST(SigmaRefusal, ConditionsAreRefusedWithTheReason) {
    EXPECT_EQ(status_of_condition("selection | count() > 5"),
              "unsupported: line 8: pipe in a condition (use a correlation rule)");
    EXPECT_EQ(status_of_condition("selction"),
              "failed: line 8: the condition names 'selction', which is no selection; did you mean "
              "'selection'?");
    EXPECT_EQ(status_of_condition("selection AND filter_x"),
              "failed: line 8: operators are lower-case: 'AND'");
    EXPECT_EQ(status_of_condition("2 of filter_*"),
              "failed: line 8: '2 of': only '1 of', 'any of' and 'all of' exist");
    EXPECT_EQ(status_of_condition("selection and"), "failed: line 8: the condition ends too early");
    EXPECT_EQ(status_of_condition("(selection"), "failed: line 8: the condition ends too early");
    EXPECT_EQ(status_of_condition("selection filter_x"),
              "failed: line 8: unexpected 'filter_x' in the condition");
    EXPECT_EQ(status_of_condition("1 of nothing_*"),
              "failed: line 8: no selection of this name pattern exists: nothing would match");
    EXPECT_EQ(status_of_condition(std::string(100, '(') + "selection"),
              "failed: line 8: more than 50 levels of nesting");
    std::string negations;
    for (int i = 0; i < 60; ++i) negations += "not ";
    EXPECT_EQ(status_of_condition(negations + "selection"),
              "failed: line 8: more than 50 levels of nesting");
}

TEST(SigmaRefusal, DocumentsThatAreNoPlainRulesAreNamed) {
    EXPECT_EQ(status_of("title: X\nlogsource: {product: x}\ncorrelation: {}\ndetection: {}\n"),
              "failed: line 3: the correlation has no type");
    EXPECT_EQ(status_of("title: X\nfilter:\n  rules: any\n"),
              "failed: line 1: the rule has no logsource");
    EXPECT_EQ(status_of("action: global\n"), "unsupported: line 1: 'action' documents");
    EXPECT_EQ(status_of("- a\n- b\n"), "failed: line 1: a rule must be a map of keys and values");
    EXPECT_EQ(status_of(""), "failed: the file holds no rule");
    EXPECT_EQ(status_of("title: [x\n"),
              "failed: line 2: did not find expected ',' or ']' while parsing a flow sequence");
}

TEST(SigmaRefusal, MetadataMustBeThere) {
    EXPECT_EQ(status_of("logsource: {product: x}\n"), "failed: line 1: the rule has no title");
    EXPECT_EQ(status_of("title: X\n"), "failed: line 1: the rule has no logsource");
    EXPECT_EQ(status_of("title: X\nlogsource: {definition: x}\n"),
              "failed: line 2: logsource names no category, product or service");
    EXPECT_EQ(status_of("title: X\nlogsource: {product: x}\n"),
              "failed: line 1: the rule has no detection");
    EXPECT_EQ(status_of(rule_text("selection:\n  a: 1")),
              "failed: line 4: the detection has no condition");
    EXPECT_EQ(status_of(rule_text("selection: {}\ncondition: selection")),
              "failed: line 4: an empty map selects nothing");
    EXPECT_EQ(status_of(rule_text("selection:\n  a: 1\n  a: 2\ncondition: selection")),
              "failed: line 6: the key 'a' stands twice in one map");
    EXPECT_EQ(status_of("taxonomy: mine\n" + rule_text("selection:\n  a: 1\ncondition: selection")),
              "unsupported: line 1: taxonomy 'mine'");
    EXPECT_EQ(status_of("level: huge\n" + rule_text("selection:\n  a: 1\ncondition: selection")),
              "failed: line 1: unknown level 'huge'");
    EXPECT_EQ(status_of("status: deprecated\n" + rule_text("s:\n  a: 1\ncondition: s")),
              "unsupported: line 1: status 'deprecated': such rules are off");
    EXPECT_EQ(status_of(rule_text("s:\n  a: 1\ntimeframe: 5m\ncondition: s")),
              "unsupported: line 6: 'timeframe' (use a correlation rule)");
}

TEST(SigmaRefusal, AnAliasBombIsRefusedInsteadOfExpanded) {
    std::string text = "title: X\nlogsource: {product: x}\na: &a [";
    for (int i = 0; i < 1000; ++i) text += "x,";
    text += "]\ndetection:\n  condition: 1 of them\n";
    for (int i = 0; i < 100; ++i) text += "  s" + std::to_string(i) + ": {f: *a}\n";
    EXPECT_EQ(status_of(text), "failed: line 3: more than 50000 values");
}

TEST(SigmaRefusal, EveryDocumentOfAFileHasItsOwnStatus) {
    std::vector<RuleStatus> statuses;
    const std::string good = rule_text("s:\n  a: 1\ncondition: s");
    const auto ruleset =
        Ruleset::load_text(good + "---\ntitle: Second\n---\n" + good, "two.yml", statuses);
    ASSERT_EQ(statuses.size(), 3u);
    EXPECT_EQ(ruleset.size(), 1u);
    EXPECT_EQ(statuses[0].state, RuleStatus::State::ok);
    EXPECT_EQ(statuses[1].rule, "Second");
    EXPECT_EQ(statuses[1].reason, "line 8: the rule has no logsource");
    EXPECT_EQ(statuses[2].reason, "id sigma:Test is already that of a rule in two.yml");
}

TEST(SigmaRefusal, TextBetweenDocumentsIsNeitherReadForEverNorPassedOverInSilence) {
    const std::string good = rule_text("s:\n  a: 1\ncondition: s");
    std::vector<RuleStatus> statuses;
    (void)Ruleset::load_text(good + "---\n,title: D\n---\n# nothing\n...\n" + good, "f.yml",
                             statuses);
    ASSERT_EQ(statuses.size(), 3u);
    EXPECT_EQ(statuses[0].state, RuleStatus::State::ok);
    EXPECT_EQ(statuses[1].state, RuleStatus::State::failed);
    EXPECT_NE(statuses[1].reason.find("did not find expected node content"), std::string::npos);
    EXPECT_EQ(statuses[2].reason, "id sigma:Test is already that of a rule in f.yml");
}

TEST(SigmaRefusal, AMissingFileIsAFailedStatus) {
    std::vector<RuleStatus> statuses;
    const auto ruleset = Ruleset::load({"/nonexistent/rule.yml"}, statuses);
    EXPECT_EQ(ruleset.size(), 0u);
    ASSERT_EQ(statuses.size(), 1u);
    EXPECT_EQ(statuses[0].state, RuleStatus::State::failed);
    EXPECT_EQ(statuses[0].file, "/nonexistent/rule.yml");
}

}  // namespace
}  // namespace kentongan::sigma
