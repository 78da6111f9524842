#include "daemon/detect/sigma/samples.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "collectors/log/read_text.hpp"
#include "tests/unit/detect/sigma/correlations.hpp"

namespace kentongan::sigma {
namespace {

namespace fs = std::filesystem;

const RecordReader kByFormat = [](std::string_view format, std::string_view text,
                                  std::string_view source) {
    return log::read_text(format, text, source);
};

LoadOptions with_shipped_lists() {
    return {Timestamp{},
            std::make_shared<const Placeholders>(
                Placeholders::load(*find_placeholders({project_root() / "rules"})).value())};
}

TEST(SigmaRules, EveryRuleHasASampleThatFiresAndOneThatMustNot) {
    const auto results =
        test_samples({project_root() / "rules" / "sigma"}, kByFormat, with_shipped_lists());
    EXPECT_GE(results.size(), 2u * 12u);
    for (const SampleResult& result : results)
        EXPECT_TRUE(result.ok) << result.file << " " << result.sample << ": " << result.reason;
}

TEST(SigmaRules, EveryRuleLoads) {
    std::vector<RuleStatus> statuses;
    (void)Ruleset::load({project_root() / "rules" / "sigma"}, statuses, with_shipped_lists());
    EXPECT_GE(statuses.size(), 60u);
    for (const RuleStatus& status : statuses)
        EXPECT_EQ(status.state, RuleStatus::State::ok) << status.file << ": " << status.reason;
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
        for (const SampleResult& result : test_samples({folder_}, kByFormat))
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

TEST_F(SampleFolder, LinesAreReadByTheFormatInTheNameOfTheirFile) {
    write("rule_x.yml",
          rule_text("s: {cs-method: POST, sc-status: 201}\ncondition: s", "category: webserver"));
    const std::string request =
        "203.0.113.7 - - [27/Nov/2024:13:00:00 +0700] \"METHOD /upload HTTP/1.1\" 201 5\n";
    const auto with = [&](std::string method) {
        std::string out = request;
        return out.replace(out.find("METHOD"), 6, method);
    };
    write("samples/rule_x/fires.nginx.log", with("POST"));
    write("samples/rule_x/silent.nginx.log", with("GET") + with("GET"));
    EXPECT_EQ(reasons(), "ok\nok\n");
    write("samples/rule_x/silent.nginx.log", with("GET") + with("POST"));
    EXPECT_EQ(reasons(), "ok\nline 2 fired\n");
    write("samples/rule_x/silent.qwerty.log", with("GET"));
    EXPECT_NE(reasons().find("qwerty"), std::string::npos);
}

TEST_F(SampleFolder, ASampleOfACorrelationIsOneSequenceInEventTime) {
    write("rule_x.yml", base_rule("a") + correlation("type: event_count\nrules: a\n"
                                                     "timespan: 10s\ncondition: {gte: 2}"));
    const std::string event = "{\"kind_of\": \"a\", \"@timestamp\": \"2024-11-27T06:00:0";
    write("samples/rule_x/fires.ndjson", event + "9Z\"}\n" + event + "1Z\"}\n");
    write("samples/rule_x/silent.ndjson", event + "1Z\"}\n");
    EXPECT_EQ(reasons(), "ok\nok\n");
    write("samples/rule_x/fires.ndjson", event + "1Z\"}\n");
    write("samples/rule_x/silent.ndjson", "{\"kind_of\": \"a\"}\n{\"kind_of\": \"a\"}\n");
    EXPECT_EQ(reasons(),
              "no correlation fired; its rules matched 1 times\nfired: C: 2 events within 10s\n");
}

TEST_F(SampleFolder, ACorrelationMayCountRulesOfTheOtherFiles) {
    write("rule_x.yml",
          correlation("type: event_count\nrules: a\ntimespan: 10s\ncondition: {gte: 2}"));
    write("zz.yml", base_rule("a"));
    fs::create_directories(folder_ / "samples" / "zz");
    for (const char* rule : {"rule_x", "zz"}) {
        write("samples/" + std::string(rule) + "/fires.ndjson",
              "{\"kind_of\": \"a\"}\n{\"kind_of\": \"a\"}\n");
        write("samples/" + std::string(rule) + "/silent.ndjson", "{\"kind_of\": \"b\"}\n");
    }
    EXPECT_EQ(reasons(), "ok\nok\nok\nok\n");
}

TEST_F(SampleFolder, AFileOfFiltersNeedsNoSamples) {
    write("rule_x.yml",
          "title: F\nlogsource: {category: x}\nfilter:\n  rules: any\n"
          "  s: {a: 1}\n  condition: not s\n");
    EXPECT_EQ(reasons(), "");
}

TEST_F(SampleFolder, ARuleThatDoesNotLoadIsAFailure) {
    write("rule_x.yml", "title: X\n");
    EXPECT_EQ(reasons(), "failed: line 1: the rule has no logsource\n");
}

}  // namespace
}  // namespace kentongan::sigma
