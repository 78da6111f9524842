#include "daemon/drill/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "daemon/base/file.hpp"
#include "daemon/drill/night.hpp"
#include "tests/support/project.hpp"

namespace kentongan::drill {
namespace {

namespace fs = std::filesystem;

/// Everything that the rule files say, and the ids of the built-in rules.
const std::string& text_of_all_rules() {
    static const std::string kText = [] {
        std::string out;
        for (const auto& file : fs::recursive_directory_iterator(project_root() / "rules"))
            if (file.is_regular_file()) out += read_file(file.path()).value() + "\n";
        out += read_file(project_root() / "daemon/detect/integrity/integrity_detector.cpp").value();
        return out;
    }();
    return kText;
}

TEST(Scenarios, AreManyAndAThirdOfThemIsHarmless) {
    const auto all = scenarios();
    const auto benign = std::ranges::count_if(all, &Scenario::benign);
    EXPECT_GE(all.size(), 24u);
    EXPECT_GE(benign, 8);
    EXPECT_GE(static_cast<std::ptrdiff_t>(all.size()) - benign, 16);
}

TEST(Scenarios, HaveNamesOfTheirOwnAndFitIntoTheNight) {
    const NightSettings night;
    std::set<std::string_view> names;
    for (const Scenario& one : scenarios()) {
        EXPECT_TRUE(names.insert(one.name).second) << one.name;
        EXPECT_EQ(scenario_called(one.name), &one);
        EXPECT_NE(one.play, nullptr) << one.name;
        EXPECT_GE(one.begins, night.begin) << one.name;
        EXPECT_LE(one.begins + one.patience, night.end) << one.name;
        EXPECT_EQ(one.agencies.empty(), one.benign) << one.name;
    }
    EXPECT_EQ(scenario_called("nothing"), nullptr);
}

TEST(Scenarios, NameRulesThatExist) {
    for (const Scenario& one : scenarios()) {
        EXPECT_FALSE(one.rules.empty()) << one.name;
        for (const auto rule : one.rules) {
            auto name = rule;  // an id without its ruleset, for files say no more
            for (const std::string_view ruleset : {"integrity:", "yara:"})
                if (rule.starts_with(ruleset)) name.remove_prefix(ruleset.size());
            if (name.starts_with("ET ")) continue;  // another sensor's
            EXPECT_NE(text_of_all_rules().find(name), std::string::npos)
                << one.name << " expects " << rule;
        }
    }
}

TEST(Scenarios, ChangeSomethingAndOnlyAfterTheyBegan) {
    const generate::Jakarta jakarta{1};
    const Timestamp close = generate::close_of_polls();
    for (const Scenario& one : scenarios()) {
        Script script;
        Publication publication{jakarta, close};
        Script before;
        publication.write(before, close + std::chrono::hours{9});
        Scene scene{script, publication, generate::Random{1}, jakarta, close + one.begins};
        one.play(scene);
        Script after;
        publication.write(after, close + std::chrono::hours{9});
        const auto actions = std::move(script).in_order();
        const auto was = std::move(before).in_order();
        const auto is = std::move(after).in_order();
        EXPECT_TRUE(!actions.empty() ||
                    !std::ranges::equal(was, is, {}, &Action::text, &Action::text))
            << one.name;
        for (const Action& action : actions) EXPECT_GE(action.time, scene.start) << one.name;
    }
}

TEST(Night, IsInOrderAndTheSameForTheSameSeed) {
    const generate::Jakarta jakarta{1};
    std::vector<const Scenario*> all;
    for (const Scenario& one : scenarios()) all.push_back(&one);
    const NightSettings settings{.scale = 0.02};
    const auto once = night_with(all, jakarta, settings);
    const auto again = night_with(all, jakarta, settings);
    EXPECT_TRUE(std::ranges::is_sorted(once, {}, &Action::time));
    EXPECT_TRUE(std::ranges::equal(once, again, {}, &Action::text, &Action::text));
    EXPECT_GT(once.size(), 50'000u);  // the uploads of 14,835 TPS
}

TEST(Night, SomeScenariosNeedAPartOfItOnly) {
    const Scenario* one = scenario_called("web-shell");
    const auto part = part_for(std::vector<const Scenario*>{one});
    EXPECT_EQ(part.begin, one->begins - std::chrono::minutes{30});
    EXPECT_EQ(part.end, one->begins + one->patience + std::chrono::minutes{5});
    EXPECT_EQ(part_for({}).begin, NightSettings{}.begin);
}

TEST(Night, UploadsNothingWhileTheOutageLasts) {
    const generate::Jakarta jakarta{1};
    const Scenario* outage = scenario_called(kOutage);
    const Timestamp from = generate::close_of_polls() + outage->begins + std::chrono::minutes{6};
    const Timestamp until = generate::close_of_polls() + outage->begins + std::chrono::minutes{59};
    const auto uploads = [&](std::vector<const Scenario*> played) {
        const auto actions = night_with(played, jakarta, {.scale = 0.02});
        return std::ranges::count_if(actions, [&](const Action& action) {
            return action.time > from && action.time < until &&
                   action.text.find("formc-image.upload\"") != std::string::npos;
        });
    };
    EXPECT_GT(uploads({}), 100);
    EXPECT_EQ(uploads({outage}), 0);
}

}  // namespace
}  // namespace kentongan::drill
