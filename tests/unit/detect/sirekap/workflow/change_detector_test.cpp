#include "daemon/detect/sirekap/workflow/change_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

using testing::HasSubstr;

constexpr auto* kLate = "sirekap:change-after-verification";
constexpr auto* kPast = "sirekap:edit-outside-workflow";
constexpr auto* kSkip = "sirekap:step-skipped";
constexpr auto* kBulk = "sirekap:bulk-edit";
constexpr auto* kCard = "sirekap:ordered-change";

std::shared_ptr<const WorkflowOptions> options_with(std::vector<ChangeWindow> windows = {}) {
    WorkflowOptions out;
    out.windows = ChangeWindows{std::move(windows)};
    return std::make_shared<const WorkflowOptions>(std::move(out));
}

struct Changes : testing::Test, Watched<ChangeDetector> {
    Changes() : Watched{ChangeDetector{options_with()}, {}} {}
};

Doing an_edit(double at, std::string_view tps = kTps) {
    Doing out{"rekap.edit", at, tps};
    out.by("ppk.317101", "ppk");
    return out;
}

TEST_F(Changes, AfterFinalWithoutAWordAreCritical) {
    take(an_edit(0).stage("final"));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().rule->id, kLate);
    EXPECT_EQ(last().rule->severity, Severity::critical);
    EXPECT_EQ(last().entity, kTps);
    EXPECT_EQ(last().message,
              "Inconsistency in Sirekap data: numbers of TPS 3171011001001 were changed by "
              "'ppk.317101' although it was final, without a reason and a second person");
}

TEST_F(Changes, AfterAVerificationThatWasSeenAreFoundWithoutBeingTold) {
    take(Doing{"formc-image.upload", 0}.by("kpps-1", "kpps"));
    take(Doing{"formc-image.get", 1}.by("kpps-1", "kpps"));
    take(Doing{"rekap.verify", 2}.by("ppk.317101", "ppk"));
    EXPECT_TRUE(findings.all.empty());
    take(an_edit(3).with(Field::event_reason, "salah baca"));
    ASSERT_EQ(count(kLate), 1u);
    EXPECT_THAT(last().message, HasSubstr("although it was verified, without a second person"));
}

TEST_F(Changes, OfAPlenaryWithReasonAndSecondPersonAreSilent) {
    take(an_edit(0).stage("final").because("pleno 317101, form D-12", "kpu.3171"));
    take(an_edit(1, "3171011001002").stage("read"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Changes, ApprovedByOneselfAreNotApproved) {
    take(an_edit(0).stage("final").because("HSU-12", "ppk.317101"));
    EXPECT_EQ(count(kLate), 1u);
}

TEST_F(Changes, AfterAReopeningBorrowItsReasonAndSecondPerson) {
    take(Doing{"rekap.reopen", 0}
             .by("ppk.317101", "ppk")
             .stage("final", "reopened")
             .because("HSU-12", "kpu.3171"));
    take(an_edit(1).stage("reopened"));
    EXPECT_TRUE(findings.all.empty());
    take(Doing{"rekap.reopen", 2, "3171011001002"}
             .by("ppk.317101", "ppk")
             .stage("final", "reopened"));
    take(an_edit(3, "3171011001002").stage("reopened"));
    EXPECT_EQ(count(kLate), 1u);
}

TEST_F(Changes, AfterAReopeningThatWasNotSeenAreNotJudged) {
    take(an_edit(1).stage("reopened"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Changes, ThatTheServerRefusedChangedNothing) {
    take(an_edit(0).stage("final").with(Field::event_outcome, "x"));
    findings.all.clear();
    Event refused = Doing{"rekap.edit", 1}.by("ppk.317101", "ppk").stage("final").build();
    Event copy;
    copy.kind = refused.kind;
    copy.time = refused.time;
    copy.logsource = refused.logsource;
    copy.set(Field::event_action, "rekap.edit");
    copy.set(Field::event_outcome, "failure");
    copy.set(Field::sirekap_tps, kTps);
    copy.set(*intern_field("sirekap.status_from"), "final");
    detector.inspect(copy, findings);
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Changes, OfAnswersAreSilentWhenTheyAgree) {
    take(Doing{"formc-image.kesesuaian", 0}
             .by("kpps-1", "kpps")
             .stage("verified")
             .with("isSesuai", true));
    EXPECT_TRUE(findings.all.empty());
    take(Doing{"formc-image.kesesuaian", 1}
             .by("kpps-1", "kpps")
             .stage("verified")
             .with("isSesuai", false));
    EXPECT_EQ(count(kLate), 1u);
}

TEST_F(Changes, ThroughTheAdministrationAreCritical) {
    take(Doing{"admin.result.edit", 0}.by("admin.budi", "admin"));
    take(Doing{"db.write", 1, ""}.by("dba.sri").with(Field::db_object, "suara_c"));
    take(Doing{"db.write", 2, ""}.by("dba.sri").with(Field::db_object, "pengaturan"));
    EXPECT_EQ(count(kPast), 2u);
    EXPECT_THAT(findings.all[0].message, HasSubstr("through the administration"));
}

TEST_F(Changes, ByARoleWithoutAPartOrOutOfTurnAreFound) {
    take(Doing{"rekap.edit", 0}.by("admin.budi", "admin-nasional").stage("read"));
    EXPECT_EQ(last().severity, std::nullopt);
    take(Doing{"rekap.verify", 1}.by("kpps-1", "kpps").stage("read", "verified"));
    EXPECT_EQ(last().severity, Severity::high);
    take(Doing{"rekap.edit", 2, "3171011001002"}.by("kpu.3171", "kpu_kota").stage("read"));
    EXPECT_EQ(last().severity, Severity::high);
    EXPECT_EQ(count(kPast), 3u);
    take(
        Doing{"rekap.edit", 3, "3171011001003"}.by("someone", "a role nobody named").stage("read"));
    EXPECT_EQ(findings.all.size(), 3u);
}

TEST_F(Changes, OfTheStageMustBeStepsOfTheWorkflow) {
    take(Doing{"rekap.final", 0}.by("ppk.317101", "ppk").stage("uploaded", "final"));
    take(Doing{"rekap.verify", 1, "3171011001002"}
             .by("ppk.317101", "ppk")
             .stage("uploaded", "verified"));
    take(Doing{"rekap.verify", 2, "3171011001003"}
             .by("ppk.317101", "ppk")
             .stage("final", "verified"));
    EXPECT_EQ(count(kSkip), 3u);
    findings.all.clear();
    take(Doing{"rekap.verify", 3, "3171011001004"}
             .by("ppk.317101", "ppk")
             .stage("read", "verified"));
    take(Doing{"rekap.final", 4, "3171011001004"}
             .by("ppk.317101", "ppk")
             .stage("verified", "final"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Changes, OfTheStageThatNoEventTellsAreFound) {
    take(Doing{"rekap.final", 0}.by("ppk.317101", "ppk").stage("verified", "final"));
    take(an_edit(1).stage("read"));
    ASSERT_EQ(count(kSkip), 1u);
    EXPECT_THAT(last().message, HasSubstr("was final when last heard of and is read now"));
}

TEST_F(Changes, OfTheStageByTheServerAloneAreSilent) {
    take(Doing{"formc-image.upload", 0}.stage("", "uploaded"));
    take(Doing{"rekap.verify", 1}.by("ppk.317101", "ppk").stage("read", "verified"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Changes, OfTenTpsWithinAMinuteAreBulk) {
    for (int i = 1; i <= 9; ++i) take(an_edit(i, fmt::format("3171011001{:03}", i)));
    take(an_edit(9.5, "3171011001001"));
    EXPECT_EQ(count(kBulk), 0u);
    take(an_edit(10, "3171011001010"));
    ASSERT_EQ(count(kBulk), 1u);
    EXPECT_EQ(last().entity, "ppk.317101");
}

TEST_F(Changes, OfNineTpsAMinuteAreNot) {
    for (int i = 0; i < 90; ++i) take(an_edit(7.0 * i, fmt::format("3171011001{:03}", i)));
    EXPECT_EQ(count(kBulk), 0u);
}

ChangeWindow clean_up() {
    return {"CW-1", kNight, kNight + std::chrono::hours{2}, {"3171"}, {}, "clean-up", "KPU RI"};
}

struct ChangesInAWindow : testing::Test, Watched<ChangeDetector> {
    ChangesInAWindow() : Watched{ChangeDetector{options_with({clean_up()})}, {}} {}
};

TEST_F(ChangesInAWindow, AreOneCardHoweverMany) {
    for (int i = 0; i < 3000; ++i)
        take(an_edit(0.5 * i, fmt::format("3171011{:03}{:03}", i / 500, i % 500)).stage("final"));
    take(Doing{"admin.result.edit", 1600}.by("admin.budi", "admin"));
    detector.advance(kNight + std::chrono::hours{3}, findings);
    std::uint64_t told = 0;
    for (const Finding& finding : findings.all) {
        EXPECT_EQ(finding.rule->id, kCard);
        EXPECT_EQ(finding.entity, "CW-1");
        told += finding.count;
    }
    EXPECT_EQ(told, 3001u);
    EXPECT_LE(findings.all.size(), 5u);
    EXPECT_EQ(findings.all[0].rule->severity, Severity::info);
    EXPECT_EQ(findings.all[0].lasts, std::chrono::hours{2});
    EXPECT_THAT(last().message, HasSubstr("3001 changes so far in window CW-1 (clean-up), "
                                          "approved by 'KPU RI'"));
}

TEST_F(ChangesInAWindow, OfAnotherAreaOrAtAnotherTimeAreTold) {
    take(an_edit(0, "3172011001001").stage("final"));
    take(an_edit(7200).stage("final"));
    EXPECT_EQ(count(kLate), 2u);
    EXPECT_EQ(count(kCard), 0u);
}

TEST(ChangesWherePlenariesAreDeclared, NeedOneInSession) {
    ChangeWindow plenary{"P-1", kNight, kNight + std::chrono::hours{2}, {"317101"}, {}, "", "PPK"};
    plenary.plenary = Level::kecamatan;
    Watched<ChangeDetector> at{ChangeDetector{options_with({plenary})}, {}};
    at.take(an_edit(60).stage("final").because("form D-12", "kpu.3171"));
    EXPECT_TRUE(at.findings.all.empty());
    at.take(an_edit(7300).stage("final").because("form D-13", "kpu.3171"));
    ASSERT_EQ(at.count(kLate), 1u);
    EXPECT_THAT(at.last().message, HasSubstr("without a plenary in session or a reopening"));
    at.take(an_edit(60, "3171021001001").stage("final").because("form D-14", "kpu.3171"));
    EXPECT_EQ(at.count(kLate), 2u);
    at.take(
        Doing{"rekap.edit", 70}.by("kpu.3171", "kpu_kota").stage("final").because("D-KAB", "x"));
    EXPECT_EQ(at.count(kLate), 2u) << "no plenary of that level is declared";
}

TEST_F(Changes, PastTwentyTpsSpeakOfFurtherOnes) {
    for (int i = 0; i < 100; ++i)
        take(an_edit(10.0 * i / 60, fmt::format("3171011001{:03}", i)).stage("final"));
    std::set<std::string> entities;
    for (const Finding& finding : findings.all)
        if (finding.rule->id == kLate) entities.insert(finding.entity);
    EXPECT_EQ(entities.size(), 21u);
    EXPECT_TRUE(entities.contains("further TPS"));
}

TEST_F(Changes, StagesSurviveARestart) {
    take(Doing{"rekap.final", 0}.by("ppk.317101", "ppk").stage("verified", "final"));
    take(Doing{"rekap.verify", 1, "3171011001002"}
             .by("ppk.317101", "ppk")
             .stage("read", "verified"));
    const auto saved = detector.checkpoint();
    ASSERT_TRUE(saved);
    EXPECT_FALSE(detector.checkpoint()) << "nothing new";
    Watched<ChangeDetector> later{ChangeDetector{options_with()}, {}};
    ASSERT_TRUE(later.detector.restore(*saved));
    later.take(an_edit(2));
    EXPECT_EQ(later.count(kLate), 1u);
    later.take(an_edit(3, "3171011001002").stage("read"));
    EXPECT_EQ(later.count(kSkip), 1u);
}

TEST_F(Changes, ADamagedCheckpointIsRefused) {
    for (const auto* bad : {"", "exact", "exact:!!", "exact:gICAgICAgICAgA==", "other:AAAA"})
        EXPECT_EQ(detector.restore(bad).has_value(), std::string_view{bad} == "exact") << bad;
}

TEST(TpsStates, AnInexactSaveIsNoGroundForAnything) {
    TpsStates states{100, 0};
    states.at(*TpsCode::parse(kTps)) = {Stage::final, true, false, false};
    const std::string saved = states.save();
    TpsStates back{100, 0};
    ASSERT_TRUE(back.restore(saved, false));
    EXPECT_EQ(back.at(*TpsCode::parse(kTps)).stage, Stage::final);
    EXPECT_FALSE(back.at(*TpsCode::parse(kTps)).certain);
}

TEST(TpsStates, TakeFewBytesAndAreBounded) {
    TpsStates states{1000, 7};
    for (int i = 0; i < 2000; ++i)
        states.at(*TpsCode::parse(fmt::format("31710110{:02}{:03}", 10 + i / 500, i % 500))).stage =
            Stage::verified;
    EXPECT_EQ(states.size(), 1000u);
    EXPECT_EQ(states.left_out(), 1000u);
    EXPECT_LT(states.save().size(), 6000u);
}

}  // namespace
}  // namespace kentongan::sirekap
