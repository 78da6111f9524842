#pragma once
// Rules in a few lines: fires("selection:\n  a: 1\ncondition: selection", an_event()…build()).
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "daemon/detect/sigma/evaluation.hpp"
#include "daemon/detect/sigma/ruleset.hpp"
#include "tests/support/event_builder.hpp"

namespace kentongan::sigma {

/// A whole rule around the detection, whose lines start at line 4 of the text.
inline std::string rule_text(std::string_view detection,
                             std::string_view logsource = "category: test") {
    std::string out = "title: Test\nlogsource: {" + std::string(logsource) + "}\ndetection:\n  ";
    for (const char c : detection) out += c == '\n' ? std::string("\n  ") : std::string(1, c);
    return out + "\n";
}

inline Ruleset ruleset_of(std::string_view text) {
    std::vector<RuleStatus> statuses;
    auto ruleset = Ruleset::load_text(text, "test.yml", statuses);
    for (const RuleStatus& status : statuses)
        EXPECT_EQ(status.state, RuleStatus::State::ok) << status.reason;
    return ruleset;
}

/// Asks the first rule in both ways, by the compiled plan and plainly, which must agree.
inline bool rule_holds(const Ruleset& ruleset, const Event& event) {
    if (ruleset.size() == 0) return false;
    const CompiledRule& rule = ruleset.program().rules.front();
    Evaluation evaluation(ruleset.program());
    const auto matcher = ruleset.plans().plan_for(EventClass::of(event));
    evaluation.make_room_for(*matcher);
    evaluation.begin(event, matcher.get());
    const bool candidate = !evaluation.candidates().empty();
    const bool planned = evaluation.holds(rule);
    evaluation.begin(event, nullptr);
    EXPECT_EQ(planned, evaluation.holds(rule.condition));
    EXPECT_TRUE(candidate || !planned) << "no witness was found";
    return planned;
}

inline bool fires(std::string_view detection, const Event& event) {
    return rule_holds(ruleset_of(rule_text(detection)), event);
}

/// One item: fires_item("a|contains: 'x'", event).
inline bool fires_item(std::string_view item, const Event& event) {
    return fires("selection:\n  " + std::string(item) + "\ncondition: selection", event);
}

/// What is said about the only rule of a text: "failed: line 4: …", or "ok: ".
inline std::string status_of(std::string_view text) {
    std::vector<RuleStatus> statuses;
    static_cast<void>(Ruleset::load_text(text, "test.yml", statuses));
    if (statuses.size() != 1) return "not one status";
    return std::string(name_of(statuses[0].state)) + ": " + statuses[0].reason;
}

/// The tests run somewhere below it.
inline std::filesystem::path project_root() {
    std::filesystem::path out = std::filesystem::current_path();
    while (out.has_relative_path() && !std::filesystem::exists(out / "rules" / "sigma"))
        out = out.parent_path();
    return out;
}

}  // namespace kentongan::sigma
