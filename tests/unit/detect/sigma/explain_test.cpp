#include "daemon/detect/sigma/explain.hpp"

#include <gtest/gtest.h>

#include "daemon/detect/sigma/event_reader.hpp"
#include "tests/unit/detect/sigma/sigma_rules.hpp"

namespace kentongan::sigma {
namespace {

const std::string kDetection =
    "selection:\n  cs-method: POST\n  cs-uri-stem|contains: [upload, foto]\n"
    "filter_known:\n  source.ip|cidr: 10.0.0.0/8\n"
    "condition: selection and not 1 of filter_*";

TEST(SigmaExplain, SaysWhichSelectionWasFalseAndWhichItemDecided) {
    const auto ruleset = ruleset_of(rule_text(kDetection));
    const auto event = read_event(
        R"({"http.request.method": "GET", "url.path": "/upload/x", "source.ip": "10.0.0.1"})");
    const auto explained = explain(ruleset, *event);
    ASSERT_EQ(explained.size(), 1u);
    EXPECT_FALSE(explained[0].matched);
    EXPECT_FALSE(explained[0].logsource_conflict);
    EXPECT_TRUE(explained[0].near_miss);
    EXPECT_EQ(
        explained[0].lines,
        (std::vector<std::string>{
            "all of: false",
            "    selection: false",
            "        all of: false",
            "            cs-method: 'POST': false (http.request.method is 'GET')",
            "            cs-uri-stem|contains: 'upload', 'foto': true (url.path is '/upload/x')",
            "    not: false",
            "        filter_known: true",
            "            source.ip|cidr: '10.0.0.0/8': true (source.ip is '10.0.0.1')",
        }));
}

TEST(SigmaExplain, SaysWhatTheEventLacks) {
    const auto ruleset = ruleset_of(rule_text("s:\n  cs-method: POST\ncondition: s"));
    const auto explained = explain(ruleset, *read_event(R"({"a": 1})"));
    EXPECT_FALSE(explained[0].near_miss);
    EXPECT_EQ(explained[0].lines.back(),
              "    cs-method: 'POST': false (the event has no http.request.method, cs-method)");
}

TEST(SigmaExplain, AMatchOfAnotherLogsourceIsANearMiss) {
    const auto ruleset = ruleset_of(rule_text("s:\n  a: 1\ncondition: s"));
    const auto explained =
        explain(ruleset, *read_event(R"({"a": 1, "logsource": {"category": "other"}})"));
    EXPECT_TRUE(explained[0].logsource_conflict);
    EXPECT_TRUE(explained[0].near_miss);
    EXPECT_FALSE(explained[0].matched);
}

}  // namespace
}  // namespace kentongan::sigma
