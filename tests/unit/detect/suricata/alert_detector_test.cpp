#include "daemon/detect/suricata/alert_detector.hpp"

#include <gtest/gtest.h>

#include "daemon/detect/zeek/notice_detector.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan {
namespace {

EventBuilder an_alert(std::int64_t signature, std::int64_t severity = 1) {
    return an_event()
        .of(EventKind::notice)
        .at("2024-11-27T06:00:00Z")
        .from({"", "suricata", "alert"})
        .with("suricata.eve.alert.gid", std::int64_t{1})
        .with(Field::rule_id, signature)
        .with(Field::rule_version, std::int64_t{4})
        .with(Field::rule_name, "LOCAL web shell")
        .with(Field::rule_category, "Web Application Attack")
        .with(Field::event_severity, severity)
        .with(Field::suricata_action, "blocked")
        .with(Field::source_ip, *IpAddress::parse("203.0.113.9"));
}

Finding finding_about(const Event& event) {
    SuricataAlertDetector detector;
    RecordingFindings findings;
    detector.inspect(event, findings);
    EXPECT_EQ(findings.all.size(), 1u);
    return findings.all.at(0);
}

TEST(SuricataAlertDetector, AnAlertIsAFindingUnderItsSignature) {
    const auto finding = finding_about(an_alert(9000123)
                                           .with("threat.technique.id", "T1505.003")
                                           .with("threat.technique.id", "not one")
                                           .build());
    EXPECT_EQ(finding.rule->id, "suricata:1:9000123");
    EXPECT_EQ(finding.rule->name, "LOCAL web shell");
    EXPECT_EQ(finding.rule->version, "4");
    EXPECT_EQ(finding.rule->ruleset, Ruleset::signature);
    EXPECT_EQ(finding.rule->rule_class, "attack");
    EXPECT_EQ(finding.rule->techniques, std::vector<std::string>{"T1505.003"});
    EXPECT_EQ(finding.rule->authors,
              std::vector<std::string>{"Suricata rule author (not stated in EVE)"});
    EXPECT_EQ(finding.entity, "203.0.113.9");
    EXPECT_EQ(finding.message, "LOCAL web shell: Web Application Attack [1:9000123:4, blocked]");
}

TEST(SuricataAlertDetector, SeverityOneIsHighAndMetadataMayRaiseIt) {
    EXPECT_EQ(finding_about(an_alert(1, 1).build()).severity, Severity::high);
    EXPECT_EQ(finding_about(an_alert(1, 2).build()).severity, Severity::medium);
    EXPECT_EQ(finding_about(an_alert(1, 3).build()).severity, Severity::low);
    EXPECT_EQ(finding_about(an_alert(1, 4).build()).severity, Severity::info);
    const auto raised =
        an_alert(1, 3).with("suricata.eve.alert.metadata.signature_severity", "Critical").build();
    EXPECT_EQ(finding_about(raised).severity, Severity::critical);
}

TEST(SuricataAlertDetector, TheRuleMaySayWhichSideIsTheAttacker) {
    const auto finding =
        finding_about(an_alert(1)
                          .with(Field::destination_ip, *IpAddress::parse("10.0.0.5"))
                          .with("suricata.eve.alert.source.ip", "10.0.0.5")
                          .with("suricata.eve.alert.target.ip", "203.0.113.9")
                          .build());
    EXPECT_EQ(finding.entity, "10.0.0.5");
    EXPECT_EQ(finding.subject.destination_ip, IpAddress::parse("203.0.113.9"));
}

TEST(SuricataAlertDetector, NoticesOfOthersAreNotItsAndItsAreNotZeeks) {
    SuricataAlertDetector suricata;
    ZeekNoticeDetector zeek;
    RecordingFindings findings;
    suricata.inspect(an_event().of(EventKind::notice).from({"", "zeek", "notice"}).build(),
                     findings);
    zeek.inspect(an_alert(1).build(), findings);
    EXPECT_TRUE(findings.all.empty());
}

TEST(SuricataAlertDetector, SignaturesAreSharedAndTheirNumberIsCapped) {
    SuricataAlertDetector detector;
    RecordingFindings findings;
    for (std::int64_t id = 1; id <= 2050; ++id) detector.inspect(an_alert(id).build(), findings);
    detector.inspect(an_alert(7).build(), findings);
    EXPECT_EQ(findings.all.back().rule, findings.all.at(6).rule);
    EXPECT_EQ(detector.evicted(), 2u);
    EXPECT_EQ(findings.all.at(2049).rule->id, "suricata:other");
    EXPECT_NE(findings.all.at(2049).message.find("1:2050:4"), std::string::npos);
}

TEST(SuricataAlertDetector, HostileTextsStayPrintable) {
    Event event = an_event().of(EventKind::notice).from({"", "suricata", "alert"}).build();
    event.set(Field::rule_name, "\xff\x01");
    const auto finding = finding_about(event);
    EXPECT_EQ(finding.rule->id, "suricata:other");
    EXPECT_NE(finding.message.find("\\xff"), std::string::npos);
}

}  // namespace
}  // namespace kentongan
