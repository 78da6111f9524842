#include "daemon/detect/sigma/samples.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

namespace fs = std::filesystem;

TEST(SigmaRules, EveryRuleHasASampleThatFiresAndOneThatMustNot) {
    const auto results = test_samples({project_root() / "rules" / "sigma"});
    EXPECT_GE(results.size(), 2u * 12u);
    for (const SampleResult& result : results)
        EXPECT_TRUE(result.ok) << result.file << " " << result.sample << ": " << result.reason;
}

class SampleFolder : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("sigma_samples_" + std::to_string(::getpid()));
        fs::create_directories(folder_ / "samples" / "rule_x");
        write("rule_x.yml", rule_text("s: {a: 1}\ncondition: s"));
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const std::string& name, std::string_view text) {
        std::ofstream(folder_ / name) << text;
    }
    std::string reasons() {
        std::string out;
        for (const SampleResult& result : test_samples({folder_}))
            out += (result.ok ? "ok" : result.reason) + "\n";
        return out;
    }

    fs::path folder_;
};

TEST_F(SampleFolder, MissingSamplesAreFailures) {
    EXPECT_EQ(reasons(), "no sample samples/rule_x/fires*\nno sample samples/rule_x/silent*\n");
}

TEST_F(SampleFolder, WrongSamplesNameTheirLine) {
    write("samples/rule_x/fires.ndjson", "{\"a\": 1}\n\n{\"a\": 2}\n");
    write("samples/rule_x/silent.ndjson", "{\"a\": 2}\n{\"a\": 1}\n");
    EXPECT_EQ(reasons(), "line 3 did not fire\nline 2 fired\n");
    write("samples/rule_x/fires.ndjson", "{\"a\": 1}\n");
    write("samples/rule_x/silent.ndjson", "{\"a\": 1, \"logsource\": {\"category\": \"other\"}}\n");
    EXPECT_EQ(reasons(), "ok\nok\n");
    write("samples/rule_x/silent.ndjson", "{\n");
    write("samples/rule_x/fires.ndjson", "");
    EXPECT_EQ(reasons(), "the sample is empty\nline 1: not JSON: incomplete JSON\n");
}

TEST_F(SampleFolder, ARuleThatDoesNotLoadIsAFailure) {
    write("rule_x.yml", "title: X\n");
    EXPECT_EQ(reasons(), "failed: line 1: the rule has no logsource\n");
}

}  // namespace
}  // namespace kentongan::sigma
