// Our own rules on their samples, and on what is near to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "daemon/detect/yara/rules.hpp"
#include "daemon/detect/yara/samples.hpp"

namespace kentongan::yara {
namespace {

using testing::Contains;
using testing::IsEmpty;

/// rules/yara in the folder above this program that has it.
std::filesystem::path shipped() {
    auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    while (folder != folder.root_path() && !exists(folder / "rules/yara"))
        folder = folder.parent_path();
    return folder / "rules/yara";
}

std::shared_ptr<const Rules> rules() {
    static const auto loaded = [] {
        std::vector<RuleStatus> statuses;
        return Rules::load({shipped()}, statuses).value();
    }();
    return loaded;
}

std::vector<std::string> matches(std::string_view content, std::string_view path,
                                 std::string_view tree = "upload") {
    Target target = target_of(path);
    target.tree = tree;
    std::vector<std::string> out;
    const auto result = rules()->scan(as_bytes(content), target, std::chrono::seconds{10});
    EXPECT_EQ(result.skipped, "");
    for (const Match& match : result.matches) out.push_back(match.identifier);
    return out;
}

TEST(ShippedRules, CompileWithoutWarningsAndSayWhoWhatAndHowBad) {
    std::vector<RuleStatus> statuses;
    const auto loaded = Rules::load({shipped()}, statuses).value();
    EXPECT_GE(loaded->size(), 10u);
    for (const RuleStatus& status : statuses) {
        EXPECT_EQ(status.state, RuleStatus::State::ok) << status.file << " " << status.reason;
        EXPECT_EQ(status.reason, "") << status.file << " " << status.rule;
    }
    for (const auto& rule : loaded->all()) {
        if (rule.is_private) continue;
        EXPECT_TRUE(rule.rule->id.starts_with("yara:")) << rule.identifier;
        EXPECT_NE(rule.rule->name, rule.identifier);
        EXPECT_FALSE(rule.rule->authors.empty()) << rule.identifier;
        EXPECT_FALSE(rule.rule->techniques.empty()) << rule.identifier;
    }
}

TEST(ShippedRules, EachSampleDoesWhatItsNameSays) {
    const auto results = test_samples(shipped()).value();
    EXPECT_GE(results.size(), 2 * rules()->size());
    for (const SampleResult& result : results)
        EXPECT_TRUE(result.passed) << result.rule << " " << result.sample << ": " << result.reason;
}

TEST(ShippedRules, RandomBytesInAPhotoAreNoAlarm) {
    std::mt19937_64 random{20241127};
    for (int photo = 0; photo < 16; ++photo) {
        std::string content = "\xFF\xD8\xFF\xE0";
        while (content.size() < (std::size_t{1} << 20)) {
            const auto number = random();
            content.append(reinterpret_cast<const char*>(&number), sizeof number);
        }
        EXPECT_THAT(matches(content, "/srv/upload/c_hasil.jpg"), IsEmpty());
    }
}

TEST(ShippedRules, ChanceHitsOfShortTokensInAPhotoAreNoAlarm) {
    std::mt19937_64 random{1};
    std::string content = "\xFF\xD8\xFF\xE0";
    for (int i = 0; i < 20000; ++i) {
        content += i % 4 == 0 ? "<?=" : i % 4 == 1 ? "<?php " : i % 4 == 2 ? "<?" : "<%";
        const auto number = random() | 0x8080808080808080;
        content.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
    EXPECT_THAT(matches(content, "/srv/upload/c_hasil.jpg"), IsEmpty());
}

TEST(ShippedRules, AWebShellIsFoundWhereverItHidesInAPhoto) {
    const std::string shell = "<?php @system($_GET['c']); ?>";
    const std::string head{"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00", 11};
    const std::string pixels(100'000, '\xA7');
    for (const auto& photo : {head + shell + pixels, head + pixels + "\xFF\xD9" + shell,
                              head + pixels + shell + pixels})
        EXPECT_THAT(matches(photo, "/srv/upload/c_hasil.jpg"), Contains("polyglot_image_webshell"));
}

}  // namespace
}  // namespace kentongan::yara
