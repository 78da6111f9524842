// The file of a rule is found by the rule's whole name, and no other rule is shown instead.
#include "daemon/detect/rule_texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "tests/support/temporary_folder.hpp"

namespace kentongan {
namespace {

using ::testing::HasSubstr;

struct RuleTexts : ::testing::Test {
    void write(const std::string& name, std::string_view text) {
        std::ofstream{folder / name} << text;
    }
    /// Its file; "none" when there is none.
    std::string file_of(const std::string& id) {
        const auto found = rule_text({std::string{folder / ""}}, id);
        return found ? std::string{found->at("file").as_string()} : "none";
    }
    TemporaryFolder folder;
};

TEST_F(RuleTexts, ASigmaRuleIsNotTheOneThatIsRelatedToIt) {
    write("a.yml", "title: A\nid: newer-2\nrelated:\n    - id: older-1\n      type: obsolete\n");
    EXPECT_EQ(file_of("older-1"), "none");
    write("b.yml", "title: Brute force  # of logins\nid: 'older-1'\n");
    EXPECT_EQ(file_of("older-1"), "b.yml");
    EXPECT_EQ(file_of("newer-2"), "a.yml");
    EXPECT_EQ(file_of("newer"), "none");
    EXPECT_EQ(file_of("newer-22"), "none");
    EXPECT_EQ(file_of("sigma:Brute force"), "b.yml");
}

TEST_F(RuleTexts, ACorrelationIsFoundByItsNameInALaterDocument) {
    write("a.yml",
          "title: Base\nid: base\n---\ntitle: Many\nname: many_logins\n"
          "correlation:\n    rules:\n        - base\n");
    EXPECT_EQ(file_of("many_logins"), "a.yml");
    EXPECT_EQ(file_of("many"), "none");
}

TEST_F(RuleTexts, AYaraRuleIsNotTheOneWhoseNameBeginsAsItsDoes) {
    write("a.yar", "/* the\nrule foo of old */\nrule foo_bar { condition: true }\n");
    EXPECT_EQ(file_of("yara:a:foo"), "none");
    EXPECT_EQ(file_of("yara:a:bar"), "none");
    write("b.yar", "rule x { condition: true } private rule foo : tag\n{ condition: true }\n");
    EXPECT_EQ(file_of("yara:b:foo"), "b.yar");
    EXPECT_EQ(file_of("yara:a:foo_bar"), "a.yar");
}

TEST_F(RuleTexts, AYaraRuleIsFoundByItsOwnId) {
    write("a.yar",
          "rule page\n{\n    meta:\n        id = \"yara:defaced-page\"\n"
          "    condition:\n        true\n}\n");
    EXPECT_EQ(file_of("yara:defaced-page"), "a.yar");
    EXPECT_EQ(file_of("yara:defaced"), "none");
}

TEST_F(RuleTexts, OurOwnAreFoundByTheirFile) {
    write("duplicate_image.toml", "threshold = 1\n");
    EXPECT_EQ(file_of("sirekap:duplicate-image"), "duplicate_image.toml");
    EXPECT_EQ(file_of("sirekap:image"), "none");
}

TEST(RuleList, NamesTheIdThatAlertsHave) {
    const auto list = rule_list(
        {{"/rules/a.yml", "sigma", "A", RuleStatus::State::ok, "", "the-id"}}, {"/rules"});
    const auto& row = list.at("rules").as_array().at(0);
    EXPECT_EQ(row.at("id").as_string(), "the-id");
    EXPECT_EQ(row.at("file").as_string(), "a.yml");
}

}  // namespace
}  // namespace kentongan
