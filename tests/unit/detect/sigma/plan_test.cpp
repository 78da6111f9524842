// The compiled plan against plain evaluation: over random rules and events both must agree.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

constexpr const char* kFields[] = {"a", "b", "c", "A", "cs-uri-query", "url.query", "url.original"};
constexpr const char* kPieces[] = {"a",  "b",   "A",    "ab",       "aB",  "cmd", "CMD", ".exe",
                                   "/x", " -x", "\\",   "é",        "É",   "K",   "ſ",   "–x",
                                   "1",  "10",  "4625", "10.1.2.3", "\\*", "\\?", "-",   "\n"};
constexpr const char* kModifiers[] = {
    "",    "|contains",       "|startswith",       "|endswith", "|contains|all",   "|cased",
    "|re", "|contains|cased", "|contains|windash", "|re|i",     "|endswith|cased", "|neq"};
constexpr const char* kRegexes[] = {
    "^a",     "b$",    "a.b",      "[0-9]{2,}", "(cmd|x)\\.exe", "(?i)CMD",
    "^$",     "\\bx",  "a*",       "é+",        "^.é",           "(a)\\1",
    "a(?=b)", "\\d+$", "(?s)a.*x", "\\x{e9}|b", "[^a]b",         "^(?!a)[ab]+"};
constexpr const char* kLogSources[] = {"category: one", "category: two", "product: p",
                                       "category: one, product: p", "service: s"};

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t count) { return engine_() % count; }
    bool chance(std::size_t one_in) { return below(one_in) == 0; }
    template <class T, std::size_t N>
    const T& of(const T (&list)[N]) {
        return list[below(N)];
    }
    std::string text(std::size_t most) {
        std::string out;
        for (std::size_t i = below(most + 1); i > 0; --i) out += of(kPieces);
        return out;
    }

  private:
    std::mt19937 engine_;
};

std::string in_quotes(const std::string& text) {
    std::string out = "\"";
    for (const char c : text)
        if (c == '\n')
            out += "\\n";
        else
            out += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
    return out + "\"";
}

std::string random_value(Random& random) {
    std::string text = random.text(3);
    if (random.chance(4)) text.insert(random.below(text.size() + 1), random.chance(2) ? "*" : "?");
    return is_valid_utf8(text) ? in_quotes(text) : in_quotes("ab");
}

std::string random_item(Random& random) {
    const std::string field = random.of(kFields);
    switch (random.below(8)) {
        case 0:
            return fmt::format("{}: [{}, 10, null]", field, random.below(5000));
        case 1:
            return fmt::format("{}|{}: {}", field, random.chance(2) ? "gte" : "lt",
                               random.below(30));
        case 2:
            return fmt::format("{}|cidr: ['10.0.0.0/8', '192.168.1.0/24']", field);
        case 3:
            return random.chance(2)
                       ? fmt::format("{}|exists: {}", field, random.chance(2))
                       : fmt::format("{}|fieldref|contains: {}", field, random.of(kFields));
        default:
            break;
    }
    const std::string modifiers = random.of(kModifiers);
    std::string values;
    for (std::size_t i = 0; i <= random.below(3); ++i)
        values +=
            (i == 0 ? "" : ", ") +
            (modifiers.starts_with("|re") ? in_quotes(random.of(kRegexes)) : random_value(random));
    return fmt::format("{}{}: [{}]", field, modifiers, values);
}

std::string random_rule(Random& random, std::size_t number) {
    constexpr const char* kConditions[] = {"one",
                                           "one and two",
                                           "one or two",
                                           "one and not two",
                                           "not one",
                                           "1 of them",
                                           "all of them",
                                           "one and not (two or three)",
                                           "not 1 of t*",
                                           "not (one and not two)",
                                           "three and (one or not two)"};
    std::string out = fmt::format("title: Rule {}\nid: rule-{}\nlogsource: {{{}}}\ndetection:\n",
                                  number, number, random.of(kLogSources));
    for (const char* name : {"one", "two", "three"}) {
        out += fmt::format("  {}:\n", name);
        if (random.chance(6)) {
            for (int i = 0; i < 2; ++i) out += fmt::format("    - {}\n", random_value(random));
            continue;
        }
        std::vector<std::string> keys;
        for (std::size_t i = 0; i <= random.below(2); ++i) {
            const std::string item = random_item(random);
            const std::string key = item.substr(0, item.find(": "));
            if (std::ranges::find(keys, key) != keys.end()) continue;
            keys.push_back(key);
            out += fmt::format("    {}\n", item);
        }
    }
    return out + fmt::format("  condition: {}\n", random.of(kConditions));
}

Event random_event(Random& random) {
    Event event;
    event.logsource = {random.chance(3) ? "" : (random.chance(2) ? "one" : "two"),
                       random.chance(2) ? "p" : "", random.chance(4) ? "s" : ""};
    if (random.chance(3)) event.also = {random.chance(2) ? "one" : "three", "q", ""};
    if (random.chance(2)) event.set_raw(random.text(8) + (random.chance(5) ? "\xFF" : ""));
    for (std::size_t i = random.below(6); i > 0; --i) {
        const Field field = intern_field(random.of(kFields)).value();
        switch (random.below(8)) {
            case 0:
                event.set(field, static_cast<std::int64_t>(random.below(40)));
                break;
            case 1:
                event.set(field, static_cast<double>(random.below(40)) / 2);
                break;
            case 2:
                event.set_null(field);
                break;
            case 3:
                event.set(field, *IpAddress::parse(random.chance(2) ? "10.9.8.7" : "192.168.1.9"));
                break;
            default:
                event.set(field, random.text(4) + (random.chance(8) ? "\xC3" : ""));
        }
    }
    return event;
}

/// The rules, by their places, that the plan finds and those that plain evaluation finds.
void compare(const Ruleset& ruleset, const Event& event, Evaluation& evaluation,
             std::size_t& fired) {
    const EventClass events = EventClass::of(event);
    const auto matcher = ruleset.plans().plan_for(events);
    evaluation.make_room_for(*matcher);
    evaluation.begin(event, matcher.get());
    std::vector<std::uint32_t> planned;
    for (const std::uint32_t rule : evaluation.candidates())
        if (evaluation.holds(ruleset.program().rules[rule])) planned.push_back(rule);
    evaluation.begin(event, nullptr);
    std::vector<std::uint32_t> plain;
    for (std::uint32_t i = 0; i < ruleset.size(); ++i)
        if (const auto& rule = ruleset.program().rules[i];
            events.takes(rule.logsource) && evaluation.holds(rule.condition))
            plain.push_back(i);
    ASSERT_EQ(planned, plain) << to_json(event);
    fired += planned.size();
}

TEST(SigmaPlan, AgreesWithPlainEvaluationOverRandomRulesAndEvents) {
    std::size_t fired = 0;
    for (unsigned seed = 0; seed < 12; ++seed) {
        Random random(seed);
        std::string text;
        for (std::size_t i = 0; i < 60; ++i) text += "---\n" + random_rule(random, i);
        std::vector<RuleStatus> statuses;
        const auto ruleset = Ruleset::load_text(text, "random.yml", statuses);
        ASSERT_GT(ruleset.size(), 40u) << statuses.front().reason;
        Evaluation evaluation(ruleset.program());
        for (int i = 0; i < 300; ++i) {
            ASSERT_NO_FATAL_FAILURE(compare(ruleset, random_event(random), evaluation, fired))
                << text;
        }
    }
    EXPECT_GT(fired, 10'000u);
}

TEST(SigmaPlan, AnEventOfTwoKindsMeetsTheRulesOfBothOnce) {
    const auto ruleset = ruleset_of(
        "title: Z\nid: z\nlogsource: {product: zeek}\ndetection: {s: {a: x}, condition: s}\n---\n"
        "title: P\nid: p\nlogsource: {category: proxy}\ndetection: {s: {a: x}, condition: s}\n---\n"
        "title: W\nid: w\nlogsource: {category: webserver}\ndetection: {s: {a: x}, condition: "
        "s}\n");
    Event event = an_event().from({"", "zeek", "http"}).with("a", "x").build();
    const auto rules_of = [&] { return ruleset.plans().plan_for(EventClass::of(event))->rules(); };
    EXPECT_EQ(rules_of(), (std::vector<std::uint32_t>{0, 1, 2}));  // no category: nothing conflicts
    event.logsource.category = "network";
    EXPECT_EQ(rules_of(), (std::vector<std::uint32_t>{0}));
    event.also.category = "proxy";
    EXPECT_EQ(rules_of(), (std::vector<std::uint32_t>{0, 1}));
}

TEST(SigmaPlan, OnlyRulesWhoseWitnessIsThereAreCandidates) {
    const auto ruleset = ruleset_of(
        "title: A\nid: a\nlogsource: {category: test}\ndetection:\n"
        "  s: {a|contains: [powershell, cmd]}\n  f: {b: x}\n  condition: s and not f\n---\n"
        "title: B\nid: b\nlogsource: {category: test}\ndetection:\n"
        "  s: {a: null}\n  condition: s\n---\n"
        "title: C\nid: c\nlogsource: {category: test}\ndetection:\n"
        "  s: {EventID: 4625}\n  condition: s\n");
    Evaluation evaluation(ruleset.program());
    const auto candidates_for = [&](const Event& event) {
        const auto matcher = ruleset.plans().plan_for(EventClass::of(event));
        evaluation.make_room_for(*matcher);
        evaluation.begin(event, matcher.get());
        return evaluation.candidates();
    };
    const LogSource source{"test", "", ""};
    EXPECT_EQ(candidates_for(an_event().from(source).with("a", "explorer").build()),
              (std::vector<std::uint32_t>{1}));  // without a witness: always
    EXPECT_EQ(candidates_for(an_event().from(source).with("a", "CMD.exe").build()),
              (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(candidates_for(an_event().from(source).with("EventID", "4625").build()),
              (std::vector<std::uint32_t>{1, 2}));
}

TEST(SigmaPlan, WhatTheScannerCannotDoIsLeftToTheOtherEngine) {
    const auto matches = [](const char* regex, const char* text) {
        return fires_item(std::string("a|re: '") + regex + "'",
                          an_event().from({"test", "", ""}).with("a", text).build());
    };
    EXPECT_TRUE(matches("(x+)y\\1", "xxyxx"));  // a back reference
    EXPECT_FALSE(matches("^(x+)y\\1$", "xxyx"));
    EXPECT_TRUE(matches("a(?!b)", "ac"));  // looking ahead
    EXPECT_FALSE(matches("a(?!b)", "ab"));
    EXPECT_TRUE(matches("^.é$", "xé"));  // speaks of characters
    EXPECT_FALSE(matches("^.é$", "xyé"));
    EXPECT_TRUE(matches("^x.é", "xyé\xFF"));  // and the text is no UTF-8
}

}  // namespace
}  // namespace kentongan::sigma
