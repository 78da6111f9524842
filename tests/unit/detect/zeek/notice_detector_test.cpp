#include "daemon/detect/zeek/notice_detector.hpp"

#include <gtest/gtest.h>

#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan {
namespace {

EventBuilder a_notice(std::string_view note) {
    return an_event()
        .of(EventKind::notice)
        .at("2024-11-27T06:00:00Z")
        .in("zeek:bridge", 7)
        .with(Field::zeek_notice_note, note);
}

Finding finding_about(const Event& event) {
    ZeekNoticeDetector detector;
    RecordingFindings findings;
    detector.inspect(event, findings);
    EXPECT_EQ(findings.all.size(), 1u);
    return findings.all.at(0);
}

TEST(ZeekNoticeDetector, WantsNoticesOnly) {
    const ZeekNoticeDetector detector;
    EXPECT_TRUE(detector.wants(EventKind::notice));
    EXPECT_FALSE(detector.wants(EventKind::conn));
    EXPECT_FALSE(detector.wants(EventKind::heartbeat));
}

TEST(ZeekNoticeDetector, PasswordGuessingIsAHighFindingAboutTheSource) {
    const auto finding = finding_about(a_notice("SSH::Password_Guessing")
                                           .with(Field::source_ip, *IpAddress::parse("192.0.2.7"))
                                           .with(Field::message, "192.0.2.7 appears to be guessing")
                                           .with(Field::zeek_notice_sub, "Sampled servers: a, b")
                                           .build());
    EXPECT_EQ(finding.rule->id, "zeek:SSH::Password_Guessing");
    EXPECT_EQ(finding.rule->ruleset, Ruleset::zeek);
    EXPECT_EQ(finding.rule->severity, Severity::high);
    EXPECT_EQ(finding.rule->rule_class, "attack");
    EXPECT_EQ(finding.rule->techniques, std::vector<std::string>{"T1110.001"});
    EXPECT_EQ(finding.rule->authors, std::vector<std::string>{"Zeek"});
    EXPECT_EQ(finding.entity, "192.0.2.7");
    EXPECT_EQ(finding.message,
              "SSH::Password_Guessing: 192.0.2.7 appears to be guessing (Sampled servers: a, b)");
    EXPECT_EQ(finding.evidence.at(0).offset, 7u);
}

TEST(ZeekNoticeDetector, ANoticeWithoutSourceIsAboutTheZeekNode) {
    const auto finding = finding_about(
        a_notice("CaptureLoss::Too_Much_Loss").with(Field::host_hostname, "worker-1").build());
    EXPECT_EQ(finding.entity, "worker-1");
    EXPECT_EQ(finding.rule->rule_class, "sensor");
    EXPECT_EQ(finding.rule->severity, Severity::medium);
}

TEST(ZeekNoticeDetector, SeverityFollowsTheTypeAndIsMediumForOneItDoesNotKnow) {
    const auto severity = [](std::string_view note) {
        return finding_about(a_notice(note).build()).rule->severity;
    };
    EXPECT_EQ(severity("Scan::Port_Scan"), Severity::low);
    EXPECT_EQ(severity("HTTP::SQL_Injection_Attacker"), Severity::high);
    EXPECT_EQ(severity("TeamCymruMalwareHashRegistry::Match"), Severity::critical);
    EXPECT_EQ(severity("Kentongan::Broker_Bridge_Lost"), Severity::high);
    EXPECT_EQ(severity("Our::Own_Script"), Severity::medium);
}

TEST(ZeekNoticeDetector, ATypeThatIsNoIdentifierSharesOneRule) {
    const auto finding = finding_about(a_notice("x\"; DROP\xFF").build());
    EXPECT_EQ(finding.rule->id, "zeek:other");
    EXPECT_EQ(finding.message, "x\"; DROP\\xff");
    EXPECT_EQ(finding_about(a_notice("").build()).rule->id, "zeek:other");
}

TEST(ZeekNoticeDetector, RulesAreSharedAndTheirNumberIsCapped) {
    ZeekNoticeDetector detector;
    RecordingFindings findings;
    for (int i = 0; i < 600; ++i)
        detector.inspect(a_notice("Flood::Type_" + std::to_string(i)).build(), findings);
    detector.inspect(a_notice("Flood::Type_0").build(), findings);
    EXPECT_EQ(findings.all.at(600).rule, findings.all.at(0).rule);
    EXPECT_EQ(findings.all.at(511).rule->id, "zeek:Flood::Type_511");
    EXPECT_EQ(findings.all.at(512).rule->id, "zeek:other");
    EXPECT_EQ(detector.evicted(), 88u);
}

}  // namespace
}  // namespace kentongan
