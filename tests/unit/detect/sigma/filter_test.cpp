// Filters narrow rules; what is odd about one is said in its row.
#include "tests/unit/detect/sigma/correlations.hpp"

#include "daemon/detect/sigma/explain.hpp"
#include "daemon/detect/sigma/filter_trial.hpp"

namespace kentongan::sigma {
namespace {

std::string filter(const std::string& rules, const std::string& condition = "not selection",
                   const std::string& more = "", const std::string& logsource = "category: test") {
    return "title: Filter\nlogsource: {" + logsource + "}\n" + more + "filter:\n  rules: " + rules +
           "\n  selection: {host: backup}\n  condition: " + condition + "\n---\n";
}

struct Loaded {
    std::shared_ptr<const Ruleset> ruleset;
    std::vector<RuleStatus> statuses;
};

Loaded load(const std::string& text, Timestamp now = {}) {
    Loaded out;
    out.ruleset = std::make_shared<const Ruleset>(
        Ruleset::load_text(text, "test.yml", out.statuses, {now, nullptr}));
    return out;
}

bool fires_for(const Loaded& loaded, const std::string& host) {
    return rule_holds(
        *loaded.ruleset,
        an_event().from({"test", "", ""}).with("kind_of", "a").with("host", host).build());
}

TEST(SigmaFilter, IsJoinedToTheRulesItNamesAsItIsWritten) {
    for (const char* rules : {"[a]", "id-a", "any", "[other, a]"}) {
        const auto loaded = load(base_rule("a") + filter(rules));
        EXPECT_TRUE(fires_for(loaded, "web")) << rules;
        EXPECT_FALSE(fires_for(loaded, "backup")) << rules;
    }
    const auto other = load(base_rule("a") + base_rule("b") + filter("[b]"));
    EXPECT_TRUE(fires_for(other, "backup"));
    const auto inverted = load(base_rule("a") + filter("any", "selection"));
    EXPECT_FALSE(fires_for(inverted, "web"));
    EXPECT_TRUE(fires_for(inverted, "backup"));
    EXPECT_EQ(inverted.statuses[1].state, RuleStatus::State::ok);
    EXPECT_EQ(inverted.statuses[1].reason,
              "warning: its condition has no 'not': only what it selects still matches");
}

TEST(SigmaFilter, SeveralAreAllMet) {
    const auto loaded = load(base_rule("a") + filter("any") +
                             "title: Second\nlogsource: {category: test}\nfilter:\n  rules: any\n"
                             "  x: {host: tape}\n  condition: not x\n---\n");
    EXPECT_TRUE(fires_for(loaded, "web"));
    EXPECT_FALSE(fires_for(loaded, "backup"));
    EXPECT_FALSE(fires_for(loaded, "tape"));
}

TEST(SigmaFilter, ItsLogsourceMustCoverTheRules) {
    const auto wide = load(base_rule("a") + filter("any", "not selection", "", "category: test"));
    EXPECT_FALSE(fires_for(wide, "backup"));
    const auto narrow =
        load(base_rule("a") + filter("any", "not selection", "", "category: test, product: x"));
    EXPECT_TRUE(fires_for(narrow, "backup"));
    EXPECT_EQ(narrow.statuses[1].reason, "");
    const auto named =
        load(base_rule("a") + filter("[a]", "not selection", "", "category: test, product: x"));
    EXPECT_TRUE(fires_for(named, "backup"));
    EXPECT_EQ(named.statuses[1].reason, "warning: its logsource does not cover that of 'a'");
}

TEST(SigmaFilter, ARuleThatIsNotThereIsAWarning) {
    const auto loaded = load(base_rule("a") + filter("[a, gone]"));
    EXPECT_EQ(loaded.statuses[1].state, RuleStatus::State::ok);
    EXPECT_EQ(loaded.statuses[1].reason, "warning: no rule 'gone' is loaded");
    EXPECT_FALSE(fires_for(loaded, "backup"));
}

TEST(SigmaFilter, HoldsToTheEndOfTheDayItExpires) {
    const std::string text =
        base_rule("a") + filter("any", "not selection", "expires: 2024-11-27\n");
    const auto before = load(text, *parse_rfc3339("2024-11-27T23:59:59.9Z"));
    EXPECT_FALSE(fires_for(before, "backup"));
    EXPECT_EQ(before.statuses[1].reason, "");
    const auto after = load(text, *parse_rfc3339("2024-11-28T00:00:00Z"));
    EXPECT_TRUE(fires_for(after, "backup"));
    EXPECT_EQ(after.statuses[1].state, RuleStatus::State::ok);
    EXPECT_EQ(after.statuses[1].reason, "warning: expired after 2024-11-27: not applied");
    const auto odd = load(base_rule("a") + filter("any", "not selection", "expires: soon\n"));
    EXPECT_EQ(odd.statuses[1].reason, "line 12: expires 'soon' is not a date such as 2024-11-30");
}

TEST(SigmaFilter, ABrokenOneIsRefusedAndTheRulesGoOn) {
    const auto loaded = load(base_rule("a") + filter("any", "not selektion"));
    EXPECT_EQ(loaded.statuses[1].state, RuleStatus::State::failed);
    EXPECT_EQ(loaded.statuses[1].reason,
              "line 15: the condition names 'selektion', which is no selection; did you mean "
              "'selection'?");
    EXPECT_TRUE(fires_for(loaded, "backup"));
    EXPECT_EQ(
        status_of("title: X\nlogsource: {product: x}\nfilter:\n  s: {a: 1}\n  condition: s\n"),
        "failed: line 4: the filter names no rules (a list of ids or names, or any)");
}

TEST(SigmaFilter, ReadsFieldNamesAsTheRuleDoes) {
    const auto loaded = load(
        "title: Web\nlogsource: {category: webserver}\ndetection:\n  s: {cs-method: GET}\n"
        "  condition: s\n---\ntitle: Filter\nlogsource: {category: webserver}\nfilter:\n"
        "  rules: any\n  s: {c-ip|cidr: 10.0.0.0/8}\n  condition: not s\n");
    const auto request = [](std::string_view ip) {
        return an_event()
            .from({"webserver", "", ""})
            .with(Field::http_request_method, "GET")
            .with(Field::source_ip, *IpAddress::parse(ip))
            .build();
    };
    EXPECT_TRUE(rule_holds(*loaded.ruleset, request("203.0.113.1")));
    EXPECT_FALSE(rule_holds(*loaded.ruleset, request("10.1.1.1")));
}

TEST(SigmaFilter, NarrowsWhatCorrelationsCountButNotThemselves) {
    Scene scene(base_rule("a") +
                correlation("type: event_count\nrules: a\ntimespan: 1m\ncondition: {gte: 2}") +
                filter("any"));
    scene.at(0, kind("a", "\"host\": \"backup\"")).at(1, kind("a", "\"host\": \"backup\""));
    EXPECT_EQ(scene.said(), "");
    scene.at(2, kind("a")).at(3, kind("a"));
    EXPECT_EQ(scene.alerts.size(), 1u);
}

TEST(SigmaExplain, SaysWhichFilterKeptARuleAndWhichCorrelationsItFeeds) {
    const auto loaded = load(base_rule("a") +
                             correlation("type: event_count\nrules: a\ngroup-by: source.ip\n"
                                         "timespan: 1m\ncondition: {gte: 2}") +
                             filter("any"));
    const auto event =
        an_event().from({"test", "", ""}).with("kind_of", "a").with("host", "backup");
    const auto explained = explain(*loaded.ruleset, event.build());
    ASSERT_EQ(explained.size(), 1u);
    EXPECT_FALSE(explained[0].matched);
    EXPECT_TRUE(explained[0].near_miss);
    EXPECT_FALSE(explained[0].alerts);
    EXPECT_EQ(explained[0].kept_by, (std::vector<std::string>{"filter 'Filter'"}));
    EXPECT_EQ(explained[0].feeds,
              (std::vector<std::string>{"C (event_count gte 2 within 1m by source.ip)"}));
}

TEST(SigmaFilterTrial, TellsWhatAFilterWouldTakeAwayFromWhatOnceMatched) {
    const auto loaded = load(base_rule("a") + base_rule("b") + filter("[a]"));
    FilterTrial trial(loaded.ruleset, {"Filter"});
    EXPECT_TRUE(trial.touches("id-a"));
    EXPECT_FALSE(trial.touches("id-b"));
    const auto verdict = [&](const char* kind_of, const char* host) {
        return trial.judge("id-a", an_event().with("kind_of", kind_of).with("host", host).build());
    };
    EXPECT_EQ(verdict("a", "backup"), FilterTrial::Verdict::suppressed);
    EXPECT_EQ(verdict("a", "web"), FilterTrial::Verdict::kept);
    EXPECT_EQ(verdict("x", "backup"), FilterTrial::Verdict::no_match);
}

}  // namespace
}  // namespace kentongan::sigma
