#include "daemon/detect/anomaly/brute_force_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::anomaly {
namespace {

const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

class BruteForceTest : public testing::Test {
  protected:
    void login(double at_seconds, bool success, std::string_view user = "root",
               std::string_view source = "203.0.113.7") {
        const auto offset = static_cast<std::int64_t>(at_seconds * 1e9);
        const Event event = an_event()
                                .of(EventKind::auth)
                                .at(kStart + Duration{offset})
                                .in("/var/log/auth.log", ++position_)
                                .with(Field::event_outcome, success ? "success" : "failure")
                                .with(Field::user_name, user)
                                .with(Field::source_ip, IpAddress::parse(source).value())
                                .saying(fmt::format("login of {}", user))
                                .build();
        detector_.inspect(event, findings_);
    }
    void fail(double at_seconds, std::string_view user = "root",
              std::string_view source = "203.0.113.7") {
        login(at_seconds, false, user, source);
    }
    std::vector<Finding> of(std::string_view rule) const {
        std::vector<Finding> out;
        for (const Finding& finding : findings_.all)
            if (finding.rule->id == rule) out.push_back(finding);
        return out;
    }

    BruteForceDetector detector_{AnomalyOptions{}};
    RecordingFindings findings_;
    std::uint64_t position_ = 0;
};

TEST_F(BruteForceTest, TenFailuresWithinAMinuteAreGuessing) {
    for (int i = 0; i < 9; ++i) fail(i * 6);
    EXPECT_TRUE(findings_.all.empty());
    fail(54);
    ASSERT_EQ(findings_.all.size(), 1u);
    const Finding& finding = findings_.all[0];
    EXPECT_EQ(finding.rule->id, "anomaly:brute-force");
    EXPECT_EQ(finding.rule->severity, Severity::medium);
    EXPECT_EQ(finding.entity, "203.0.113.7");
    EXPECT_EQ(finding.count, 10u);
    EXPECT_EQ(finding.evidence.at(0).offset, 10u);
    EXPECT_EQ(finding.message,
              "10 or more failed logins from 203.0.113.7 within 60 s, 10 in all, the last for "
              "'root'");
}

TEST_F(BruteForceTest, TheWindowSlidesExactly) {
    for (int i = 0; i < 100; ++i) fail(i * 60.0 / 9);  // the tenth comes at 60 s
    EXPECT_TRUE(findings_.all.empty());
    for (int i = 0; i < 10; ++i) fail(1000 + i * 59.9 / 9);
    EXPECT_EQ(findings_.all.size(), 1u);
}

TEST_F(BruteForceTest, FailuresOfDifferentSourcesDoNotAddUp) {
    for (int i = 0; i < 40; ++i) fail(i, "root", fmt::format("203.0.113.{}", i % 5));
    EXPECT_TRUE(findings_.all.empty());
}

// X10, benign: cron with a stale password, one user at a fixed period.
TEST_F(BruteForceTest, AJobWithAStalePasswordIsSilent) {
    for (int minute = 0; minute < 24 * 60; ++minute)
        for (int attempt = 0; attempt < 3; ++attempt) fail(minute * 60 + attempt, "backup");
    EXPECT_TRUE(findings_.all.empty());
}

// W12, benign: a user who mistypes six times and then gets it right.
TEST_F(BruteForceTest, SomeoneWhoMistypesSixTimesIsSilent) {
    for (int i = 0; i < 6; ++i) fail(i * 5, "budi");
    login(40, true, "budi");
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(BruteForceTest, FailuresOfTwentyUsersWithinTenMinutesAreSpraying) {
    for (int i = 0; i < 19; ++i) fail(i * 30, fmt::format("ppk{}", i));
    for (int i = 0; i < 3; ++i) fail(575 + i, "ppk3");
    EXPECT_TRUE(findings_.all.empty());
    fail(580, "ppk19");
    ASSERT_EQ(findings_.all.size(), 1u);
    EXPECT_EQ(findings_.all[0].rule->id, "anomaly:password-spraying");
    EXPECT_EQ(findings_.all[0].rule->techniques, std::vector<std::string>{"T1110.003"});
    EXPECT_EQ(findings_.all[0].count, 20u);
}

TEST_F(BruteForceTest, TwentyUsersOverALongerTimeAreNot) {
    for (int i = 0; i < 60; ++i) fail(i * 40, fmt::format("ppk{}", i));
    EXPECT_TRUE(findings_.all.empty());  // 15 within any 10 minutes
}

// W11, benign: thousands of KPPS behind one address of a mobile carrier on polling night.
TEST_F(BruteForceTest, ACarriersAddressWithMostLoginsSucceedingIsSilent) {
    for (int i = 0; i < 3000; ++i)
        login(i * 0.5, i % 4 != 3, fmt::format("kpps{}", i), "114.4.0.1");
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(BruteForceTest, ASuccessAfterGuessingIsCritical) {
    for (int i = 0; i < 30; ++i) fail(i);
    login(31, true, "root");
    const auto found = of("anomaly:login-after-guessing");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].rule->severity, Severity::critical);
    EXPECT_EQ(found[0].rule->rule_class, "compromise");
    EXPECT_EQ(found[0].subject.user, "root");
    EXPECT_EQ(found[0].message,
              "Login of 'root' from 203.0.113.7 succeeded after 30 failed logins from there");
    login(40, true, "root");
    EXPECT_EQ(of("anomaly:login-after-guessing").size(), 1u);  // once a user
    login(41, true, "admin");
    EXPECT_EQ(of("anomaly:login-after-guessing").size(), 2u);
}

TEST_F(BruteForceTest, ASuccessAfterSprayingIsCriticalToo) {
    for (int i = 0; i < 20; ++i) fail(i * 20, fmt::format("ppk{}", i));
    login(410, true, "ppk7");
    EXPECT_EQ(of("anomaly:login-after-guessing").size(), 1u);
}

TEST_F(BruteForceTest, ASuccessFromElsewhereOrMuchLaterIsNot) {
    for (int i = 0; i < 30; ++i) fail(i);
    login(31, true, "root", "203.0.113.8");
    login(29 + 31 * 60, true, "root");
    EXPECT_TRUE(of("anomaly:login-after-guessing").empty());
}

TEST_F(BruteForceTest, GuessingThatGoesOnIsToldEveryTenSecondsAndLosesNoCount) {
    for (int i = 0; i < 400; ++i) fail(i * 0.1);
    detector_.advance(kStart + std::chrono::seconds{60}, findings_);
    std::uint64_t count = 0;
    for (const Finding& finding : findings_.all) count += finding.count;
    EXPECT_EQ(count, 400u);
    EXPECT_EQ(findings_.all.size(), 5u);
    EXPECT_THAT(findings_.all.back().message, testing::HasSubstr("400 in all"));
}

TEST_F(BruteForceTest, WhatIsToldDoesNotDependOnHowOftenTimeIsAdvanced) {
    BruteForceDetector other{AnomalyOptions{}};
    RecordingFindings from_other;
    for (int i = 0; i < 700; ++i) {
        const Event event = an_event()
                                .of(EventKind::auth)
                                .at(kStart + std::chrono::milliseconds{i * 170})
                                .with(Field::event_outcome, "failure")
                                .with(Field::user_name, "root")
                                .with(Field::source_ip, *IpAddress::parse("203.0.113.7"))
                                .build();
        detector_.inspect(event, findings_);
        other.advance(event.time, from_other);
        other.inspect(event, from_other);
    }
    detector_.advance(kStart + std::chrono::hours{1}, findings_);
    other.advance(kStart + std::chrono::hours{1}, from_other);
    ASSERT_EQ(findings_.all.size(), from_other.all.size());
    for (std::size_t i = 0; i < findings_.all.size(); ++i) {
        EXPECT_EQ(findings_.all[i].time, from_other.all[i].time);
        EXPECT_EQ(findings_.all[i].count, from_other.all[i].count);
        EXPECT_EQ(findings_.all[i].message, from_other.all[i].message);
    }
}

TEST_F(BruteForceTest, LateEventsAreSortedIn) {
    for (int i = 9; i >= 0; --i) fail(i * 5);
    EXPECT_EQ(of("anomaly:brute-force").size(), 1u);
}

TEST_F(BruteForceTest, EventsWithoutSourceOrOutcomeAreLeftAlone) {
    for (int i = 0; i < 50; ++i) {
        detector_.inspect(an_event().of(EventKind::auth).at(kStart).build(), findings_);
        detector_.inspect(
            an_event().of(EventKind::auth).at(kStart).with(Field::event_outcome, "failure").build(),
            findings_);
    }
    EXPECT_TRUE(findings_.all.empty());
}

TEST_F(BruteForceTest, AHostileUserNameIsMadePrintable) {
    for (int i = 0; i < 10; ++i) fail(i, std::string_view{"\xff\x00<b>", 5});
    ASSERT_EQ(findings_.all.size(), 1u);
    EXPECT_THAT(findings_.all[0].message, testing::HasSubstr("\\xff"));
}

TEST(BruteForceDetector, TheTableOfSourcesIsBounded) {
    AnomalyOptions options;
    options.table_entries = 100;
    BruteForceDetector detector{options};
    RecordingFindings out;
    for (int i = 0; i < 1000; ++i)
        detector.inspect(an_event()
                             .of(EventKind::auth)
                             .at(kStart)
                             .with(Field::event_outcome, "failure")
                             .with(Field::source_ip,
                                   *IpAddress::parse(fmt::format("10.0.{}.{}", i / 250, i % 250)))
                             .build(),
                         out);
    EXPECT_EQ(detector.evicted(), 900u);
}

}  // namespace
}  // namespace kentongan::anomaly
