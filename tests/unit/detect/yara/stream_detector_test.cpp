#include "daemon/detect/yara/stream_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"
#include "tests/support/temporary_folder.hpp"

namespace kentongan::yara {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kBoth = R"(
private rule helper { strings: $a = "MARK" condition: $a }
rule on_streams : stream tagged { strings: $a = "shell" condition: $a and helper }
rule on_files { strings: $a = "shell" condition: $a })";

class StreamDetectorTest : public testing::Test {
  protected:
    StreamDetector detector(std::string_view rules) {
        std::ofstream{folder_ / "a.yar"} << rules;
        std::vector<RuleStatus> statuses;
        auto loaded = Rules::load({folder_.name()}, statuses).value();
        return {loaded, [this](std::string_view reason) { skipped_.emplace_back(reason); }};
    }
    std::vector<std::string> rules_found(StreamDetector& detector, const Event& event) {
        RecordingFindings sink;
        detector.inspect(event, sink);
        std::vector<std::string> out;
        for (const Finding& finding : sink.all) {
            out.push_back(finding.rule->id);
            message_ = finding.message;
        }
        return out;
    }
    static EventBuilder window(std::string_view bytes) {
        return an_event()
            .of(EventKind::payload)
            .with(Field::source_ip, *IpAddress::parse("192.0.2.7"))
            .with(Field::destination_ip, *IpAddress::parse("10.0.0.5"))
            .with(Field::destination_port, 4444)
            .with(Field::network_direction, "outbound")
            .saying(bytes);
    }
    TemporaryFolder folder_;
    std::vector<std::string> skipped_;
    std::string message_;
};

TEST_F(StreamDetectorTest, TriesOnlyRulesForStreamsOnAWindow) {
    StreamDetector one = detector(kBoth);
    EXPECT_THAT(rules_found(one, window("MARK a shell").build()), ElementsAre("yara:a:on_streams"));
    EXPECT_THAT(message_, HasSubstr("what the server sent in a connection from 192.0.2.7 to "
                                    "10.0.0.5 port 4444"));
    EXPECT_THAT(rules_found(one, window("a shell").build()), IsEmpty());
}

TEST_F(StreamDetectorTest, TriesAllRulesOnAWholeFile) {
    StreamDetector one = detector(kBoth);
    const auto file = an_event()
                          .of(EventKind::content)
                          .with(Field::file_name, "a\x1B.php")
                          .saying("MARK a shell")
                          .build();
    EXPECT_THAT(rules_found(one, file), ElementsAre("yara:a:on_streams", "yara:a:on_files"));
    EXPECT_THAT(message_, HasSubstr("the file a\x1B.php sent in a connection: on_files"));
}

TEST_F(StreamDetectorTest, CountsWhatWasTooLargeToBeLookedAt) {
    StreamDetector one = detector(kBoth);
    for (const EventKind kind : {EventKind::payload, EventKind::file})
        EXPECT_THAT(
            rules_found(one, an_event().of(kind).with(Field::file_scan, "too_large").build()),
            IsEmpty());
    EXPECT_THAT(skipped_, ElementsAre("too_large", "too_large"));
}

TEST_F(StreamDetectorTest, WantsNoWindowsWhenNoRuleIsForThem) {
    StreamDetector one = detector("rule on_files { condition: true }");
    EXPECT_FALSE(one.wants(EventKind::payload));
    EXPECT_TRUE(one.wants(EventKind::content));
    EXPECT_THAT(rules_found(one, window("anything").build()), IsEmpty());
    EXPECT_TRUE(detector(kBoth).wants(EventKind::payload));
    EXPECT_FALSE(detector("").wants(EventKind::content));
}

}  // namespace
}  // namespace kentongan::yara
