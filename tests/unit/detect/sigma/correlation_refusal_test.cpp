// Correlations that cannot run are refused by name and line; what they count then alerts as usual.
#include <unistd.h>

#include <cstdio>

#include "tests/unit/detect/sigma/correlations.hpp"

namespace kentongan::sigma {
namespace {

std::vector<RuleStatus> statuses_of(const std::string& text) {
    std::vector<RuleStatus> out;
    static_cast<void>(Ruleset::load_text(text, "test.yml", out));
    return out;
}

/// Of the last document.
std::string last_status(const std::string& text) {
    const auto all = statuses_of(text);
    return std::string(name_of(all.back().state)) + ": " + all.back().reason;
}

/// Of a correlation on a rule `a` that is on the lines 1 to 9.
std::string status_with(const std::string& body) {
    return last_status(base_rule("a") + "title: C\ncorrelation:\n" + body);
}

const std::string kFine =
    "  type: event_count\n  rules: a\n  timespan: 5m\n  condition: {gte: 3}\n";

TEST(SigmaCorrelationRefusal, AFineOneIsOk) { EXPECT_EQ(status_with(kFine), "ok: "); }

TEST(SigmaCorrelationRefusal, TypesAndKeysAreKnownOrNamed) {
    EXPECT_EQ(status_with("  type: event_counts\n"),
              "unsupported: line 12: correlation type 'event_counts'; did you mean 'event_count'?");
    EXPECT_EQ(status_with("  type: temporal_extended\n"),
              "unsupported: line 12: correlation type 'temporal_extended'");
    EXPECT_EQ(status_with("  rules: a\n"), "failed: line 12: the correlation has no type");
    EXPECT_EQ(status_with(kFine + "  group_by: x\n"),
              "failed: line 16: unknown key 'group_by' in a correlation");
    EXPECT_EQ(status_with("  type: temporal\n  rules: a\n  timespan: 5m\n  condition: a and b\n"),
              "unsupported: line 15: a condition of words in a temporal correlation");
    EXPECT_EQ(status_with("  type: event_count\n  rules: a\n  timespan: 5m\n"
                          "  condition: {ge: 3}\n"),
              "failed: line 15: unknown key 'ge' in the condition");
}

TEST(SigmaCorrelationRefusal, TimespansAreSecondsToWeeks) {
    const auto with = [](const std::string& timespan) {
        return status_with("  type: event_count\n  rules: a\n  condition: {gte: 3}\n  timespan: " +
                           timespan + "\n");
    };
    for (const char* fine : {"1s", "90m", "24h", "30d", "4w"}) EXPECT_EQ(with(fine), "ok: ");
    EXPECT_EQ(with("3M"), "unsupported: line 15: timespan '3M': use s, m, h, d or w");
    EXPECT_EQ(with("1y"), "unsupported: line 15: timespan '1y': use s, m, h, d or w");
    for (const char* bad : {"0s", "-1m", "5", "m", "1.5h", "400d", "99999999999999999999s"})
        EXPECT_TRUE(with(bad).starts_with("failed: line 15: timespan '")) << bad;
}

TEST(SigmaCorrelationRefusal, ConditionsFitTheirType) {
    EXPECT_EQ(status_with("  type: event_count\n  rules: a\n  timespan: 5m\n"),
              "failed: line 12: the condition has none of gt, gte, lt, lte, eq, neq");
    EXPECT_EQ(status_with("  type: value_count\n  rules: a\n  timespan: 5m\n"
                          "  condition: {gte: 3}\n"),
              "failed: line 12: the condition names no 'field'");
    EXPECT_EQ(status_with("  type: value_sum\n  rules: a\n  timespan: 5m\n"
                          "  condition: {gte: 3, field: [x, y]}\n"),
              "failed: line 12: only value_count takes several fields");
    EXPECT_EQ(status_with("  type: value_count\n  rules: a\n  timespan: 5m\n"
                          "  condition: {gte: 10001, field: x}\n"),
              "unsupported: line 12: counting more than 10000 distinct values");
    EXPECT_EQ(status_with("  type: event_count\n  rules: a\n  timespan: 5m\n"
                          "  condition: {gte: many}\n"),
              "failed: line 15: 'gte' needs a number");
}

TEST(SigmaCorrelationRefusal, ReferencesMustLeadToRulesThatWereTaken) {
    const auto with = [](const std::string& rules) {
        return status_with("  type: event_count\n  rules: " + rules +
                           "\n  timespan: 5m\n  condition: {gte: 3}\n");
    };
    EXPECT_EQ(with("id-a"), "ok: ");
    EXPECT_EQ(with("b"), "failed: line 12: it refers to 'b', which is no rule's id or name");
    EXPECT_EQ(last_status("title: Bad\nname: bad\nlogsource: {product: x}\n---\n" +
                          correlation("type: event_count\nrules: bad\ntimespan: 5m\n"
                                      "condition: {gte: 3}")),
              "failed: line 9: it refers to 'bad', a rule that was refused");
    const std::string twin =
        "title: Twin\nname: a\nlogsource: {category: test}\ndetection:\n"
        "  s: {x: 1}\n  condition: s\n---\n";
    EXPECT_EQ(last_status(base_rule("a") + twin +
                          correlation("type: event_count\nrules: a\ntimespan: 5m\n"
                                      "condition: {gte: 3}")),
              "failed: line 21: it refers to 'a', which several rules are named");
}

TEST(SigmaCorrelationRefusal, AliasesAreForListedRulesWithNames) {
    const auto with = [](const std::string& rules, const std::string& alias) {
        return status_with("  type: event_count\n  rules: " + rules +
                           "\n  timespan: 5m\n  group-by: ip\n  condition: {gte: 3}\n"
                           "  aliases: {ip: {" +
                           alias + ": source.ip}}\n");
    };
    EXPECT_EQ(with("a", "a"), "ok: ");
    EXPECT_EQ(with("id-a", "id-a"),
              "failed: line 12: alias 'ip' is for 'id-a', an id: the rule needs a 'name'");
    EXPECT_TRUE(with("a", "b").starts_with(
        "failed: line 12: alias 'ip' is for 'b', which is not the name of one of its rules"));
}

std::string chained(const std::string& name, const std::string& on) {
    return "title: " + name + "\nname: " + name +
           "\ncorrelation: {type: event_count, rules: " + on +
           ", timespan: 5m, condition: {gte: 1}}\n---\n";
}

TEST(SigmaCorrelationRefusal, CirclesAreRefusedWithTheirPathAndChainsHaveAnEnd) {
    const auto circle = statuses_of(base_rule("a") + chained("x", "y") + chained("y", "z") +
                                    chained("z", "x") + chained("w", "x") + chained("v", "v"));
    ASSERT_EQ(circle.size(), 6u);
    EXPECT_EQ(circle[1].reason, "line 12: it refers to itself: x -> y -> z -> x");
    EXPECT_EQ(circle[4].reason,
              "line 24: it stands on a correlation that was refused, or on more than 10 one upon "
              "another");
    EXPECT_EQ(circle[5].reason, "line 28: it refers to itself: v -> v");
    std::string chain = base_rule("c0");
    for (int i = 1; i <= 11; ++i)
        chain += chained("c" + std::to_string(i), "c" + std::to_string(i - 1));
    const auto statuses = statuses_of(chain);
    EXPECT_EQ(statuses[10].state, RuleStatus::State::ok);
    EXPECT_EQ(statuses[11].state, RuleStatus::State::failed);
}

TEST(SigmaCorrelationRefusal, ARuleWhoseCorrelationIsRefusedAlertsAsUsual) {
    std::vector<RuleStatus> statuses;
    const auto ruleset = std::make_shared<const Ruleset>(
        Ruleset::load_text(base_rule("a") + chained("x", "[a, nothing]"), "test.yml", statuses));
    SigmaDetector detector(ruleset);
    struct : FindingSink {
        void report(Finding) override { ++count; }
        int count = 0;
    } sink;
    detector.inspect(an_event().with("kind_of", "a").build(), sink);
    EXPECT_EQ(sink.count, 1);
}

TEST(SigmaCorrelationRefusal, CorrelationsNameRulesOfOtherFiles) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("sigma_files_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto write = [&](const char* name, const std::string& text) {
        std::FILE* file = std::fopen((folder / name).c_str(), "w");
        std::fputs(text.c_str(), file);
        std::fclose(file);
    };
    write("1.yml", chained("x", "a"));
    write("2.yml", base_rule("a"));
    std::vector<RuleStatus> statuses;
    const auto ruleset = Ruleset::load({folder}, statuses);
    std::filesystem::remove_all(folder);
    ASSERT_EQ(statuses.size(), 2u);
    EXPECT_EQ(statuses[0].reason + statuses[1].reason, "");
    EXPECT_EQ(ruleset.correlations()->correlations().size(), 1u);
}

}  // namespace
}  // namespace kentongan::sigma
