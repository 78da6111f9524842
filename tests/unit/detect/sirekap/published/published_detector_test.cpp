#include "daemon/detect/sirekap/published/published_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/event_builder.hpp"
#include "tests/support/project.hpp"
#include "tests/unit/detect/sirekap/published/snapshots.hpp"

namespace kentongan::sirekap::published {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Timestamp kStart = *parse_rfc3339("2024-11-27T18:00:00Z");

/// An area's file of one candidate: rows are codes and votes, the total is their sum.
std::string area(const std::vector<std::pair<std::string, int>>& rows, std::string_view ts,
                 int progress = 10, int total = 20) {
    std::string table;
    int sum = 0;
    for (const auto& [code, votes] : rows) {
        table += fmt::format(R"({}"{}":{{"1":{},"status_progress":true}})",
                             table.empty() ? "" : ",", code, votes);
        sum += votes;
    }
    return fmt::format(R"({{"mode":"hhcw","chart":{{"1":{}}},"table":{{{}}},
        "progres":{{"total":{},"progres":{}}},"psu":"Reguler","ts":"{}"}})",
                       sum, table, total, progress, ts);
}

std::string form(std::string_view images, std::string_view chart = R"({"null":null,"1":5})",
                 std::string_view flags = R"("status_suara":true,"status_adm":false)",
                 std::string_view ts = "2024-11-28 01:00:00") {
    return fmt::format(R"({{"mode":"hhcw","chart":{},"images":{},"administrasi":null,"psu":null,
        "ts":"{}",{}}})",
                       chart, images, ts, flags);
}

struct Published : testing::Test {
    void take(std::string_view node, std::string_view body, std::string_view action = "published",
              std::string_view race = "pkwkp") {
        Event event = an_event()
                          .of(EventKind::published)
                          .at(now)
                          .in("published:test", ++position)
                          .with(Field::sirekap_race, race)
                          .with(Field::sirekap_node, node)
                          .with(Field::event_action, action)
                          .saying(body)
                          .build();
        detector.advance(now, findings);
        detector.inspect(event, findings);
        now += std::chrono::seconds{1};
    }
    void wait(Duration time) {
        now += time;
        detector.advance(now, findings);
    }
    /// "rule severity: end of the message", in order.
    std::vector<std::string> told() {
        std::vector<std::string> out;
        for (const Finding& finding : findings.all)
            out.push_back(fmt::format("{} {}", finding.rule->id.substr(8),
                                      name_of(finding.severity.value_or(finding.rule->severity))));
        return out;
    }
    std::string last() { return findings.all.empty() ? "" : findings.all.back().message; }

    PublishedDetector detector{nullptr, {100, 500}};
    RecordingFindings findings;
    Timestamp now = kStart;
    std::uint64_t position = 0;
};

TEST_F(Published, AChildReadBeforeItsParentsNewVersionIsNotHeldAgainstIt) {
    take("31", area({{"3171", 10}}, "2024-11-28 01:00:00"));
    take("3171", area({{"317101", 10}}, "2024-11-28 01:00:00"));
    take("31", area({{"3171", 17}}, "2024-11-28 01:15:00"));
    wait(std::chrono::minutes{10});
    EXPECT_THAT(told(), IsEmpty());
    take("3171", area({{"317101", 17}}, "2024-11-28 01:15:00"));
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Published, AChildSeenAgainAfterItsParentIsHeldAgainstIt) {
    take("31", area({{"3171", 10}}, "2024-11-28 01:00:00"));
    take("3171", area({{"317101", 10}}, "2024-11-28 01:00:00"));
    take("31", area({{"3171", 17}}, "2024-11-28 01:15:00"));
    take("3171", "", "confirmed");
    EXPECT_THAT(told(), ElementsAre("aggregate-mismatch low"));
    EXPECT_EQ(findings.all[0].entity, "pkwkp 3171");
    take("31", area({{"3171", 18}}, "2024-11-28 01:30:00"));
    take("3171", "", "confirmed");
    EXPECT_THAT(told(), ElementsAre("aggregate-mismatch low", "aggregate-mismatch critical"));
    take("31", area({{"3171", 19}}, "2024-11-28 01:45:00"));
    take("3171", "", "confirmed");
    EXPECT_EQ(findings.all.size(), 2u) << "told once";
}

TEST_F(Published, AChildThatCouldNotBeFetchedIsNotHeldAgainstItsParent) {
    take("31", area({{"3171", 10}}, "2024-11-28 01:00:00"));
    take("3171", area({{"317101", 10}}, "2024-11-28 01:00:00"));
    take("3171", "", "failed");
    take("31", area({{"3171", 17}}, "2024-11-28 01:00:30"));
    wait(std::chrono::minutes{10});
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Published, AMismatchThatIsMendedBeginsAnew) {
    const auto wrong = [](std::string_view ts) {
        return fmt::format(
            R"({{"chart":{{"1":11}},"table":{{"3171":{{"1":10,"status_progress":true}}}},
            "ts":"{}"}})",
            ts);
    };
    take("31", wrong("2024-11-28 01:00:00"));
    wait(std::chrono::minutes{6});
    take("31", area({{"3171", 11}}, "2024-11-28 01:15:00"));
    take("31", wrong("2024-11-28 01:30:00"));
    wait(std::chrono::minutes{6});
    std::vector<std::string> mismatches;
    for (const auto& one : told())
        if (one.starts_with("aggregate")) mismatches.push_back(one);
    EXPECT_THAT(mismatches, ElementsAre("aggregate-mismatch low", "aggregate-mismatch low"));
}

TEST_F(Published, AProgressThatFallsIsHighAndInAnOlderCopyMedium) {
    take("31", area({{"3171", 10}}, "2024-11-28 01:00:00", 10));
    take("31", area({{"3171", 10}}, "2024-11-28 00:45:00", 9));
    EXPECT_THAT(told(), ElementsAre("progress-fell medium"));
    EXPECT_THAT(last(), HasSubstr("fell from 10 to 9, in a file of 2024-11-28 00:45:00 that came "
                                  "after that of 2024-11-28 01:00:00"));
    take("31", area({{"3171", 11}}, "2024-11-28 01:15:00", 8));
    EXPECT_THAT(told(), ElementsAre("progress-fell medium", "progress-fell high"));
}

TEST_F(Published, RowsThatAreGoneAreNamed) {
    take("317101", area({{"3171011001", 10}, {"3171011002", 5}}, "2024-11-28 01:00:00"));
    take("317101", area({{"3171011001", 15}}, "2024-11-28 01:15:00"));
    EXPECT_THAT(told(), ElementsAre("result-vanished high"));
    EXPECT_EQ(last(),
              "Inconsistency in Sirekap data: pkwkp of 317101: 1 of 2 rows are there no "
              "more: 3171011002");
}

TEST_F(Published, AFileTheServerHasNoMoreIsToldOnce) {
    take("31", area({{"3171", 10}}, "2024-11-28 01:00:00"));
    take("31", "", "removed");
    take("31", "", "removed");
    EXPECT_THAT(told(), ElementsAre("result-vanished high"));
}

TEST_F(Published, PagesOfAFormThatChangeAreWorkItems) {
    take("3171011001001", form(R"(["https://a/1.jpg","https://a/2.jpg",null])"));
    take("3171011001001", form(R"(["https://a/1.jpg","https://a/9.jpg","https://a/3.jpg"])",
                               R"({"null":null,"1":5})",
                               R"("status_suara":true,"status_adm":false)", "2024-11-28 02:00:00"));
    EXPECT_THAT(told(), ElementsAre("image-changed info"));
    EXPECT_THAT(last(), HasSubstr("of 2 published pages 1 were replaced and 0 are there no more"));
    EXPECT_EQ(findings.all[0].subject.tps, "3171011001001");
    take("3171011001001", form("[null,null,null]", R"({"null":null,"1":5})",
                               R"("status_suara":true,"status_adm":false)", "2024-11-28 03:00:00"));
    EXPECT_EQ(findings.all.back().severity, Severity::medium);
}

TEST_F(Published, NumbersOfATpsThatVanishAloneAreMedium) {
    take("3171011001001", form("[]", R"({"null":null,"1":5})"));
    take("3171011001002", form("[]", R"({"null":null,"1":7})"));
    take("3171011001003", form("[]", R"({"null":null,"1":9})"));
    take("3171011001001",
         form("[]", "null", R"("status_suara":false,"status_adm":false)", "2024-11-28 02:00:00"));
    EXPECT_THAT(told(), IsEmpty()) << "it may be the first of many";
    wait(std::chrono::minutes{6});
    EXPECT_THAT(told(), ElementsAre("result-vanished medium"));
}

TEST_F(Published, NumbersOfEveryTpsThatVanishAreOneWithdrawal) {
    for (int tps = 1; tps <= 60; ++tps)
        take(fmt::format("3171011001{:03}", tps), form("[]", R"({"null":null,"1":5})"));
    for (int tps = 1; tps <= 60; ++tps)
        take(fmt::format("3171011001{:03}", tps),
             form("[]", "null", R"("status_suara":false,"status_adm":false)",
                  "2024-11-28 02:00:00"));
    wait(std::chrono::minutes{6});
    EXPECT_THAT(told(), ElementsAre("tabulation-withdrawn medium"));
    EXPECT_EQ(findings.all[0].count, 60u);
}

TEST_F(Published, WhatCannotBeJudgedIsNamedAndChangesNothing) {
    take("31", area({{"3171", 10}}, "2024-11-28 01:00:00"));
    for (const auto& [node, body] : std::vector<std::pair<std::string, std::string>>{
             {"31", "{\"mode\":"},
             {"31", "[]"},
             {"31", std::string(Document::kMaximumBytes + 1, ' ')},
             {"31", form("[]")},
             {"31", area({{"3271", 10}}, "2024-11-28 01:15:00")},
             {"../etc", area({}, "2024-11-28 01:15:00")}}) {
        const auto before = findings.all.size();
        take(node, body);
        ASSERT_EQ(findings.all.size(), before + 1) << node;
        EXPECT_EQ(findings.all.back().rule->id, "sirekap:unreadable");
    }
    EXPECT_EQ(detector.entries(), 1u);
    EXPECT_EQ(detector.counts()[2].total, 6u);
}

TEST_F(Published, ACodeThatIsNotInTheRegisterIsNamed) {
    PublishedDetector with_list{std::make_shared<const Register>(
        Register::parse("3171011001001\n3171011001002\n", "list").value())};
    RecordingFindings out;
    for (const auto* node : {"3171", "3172", "3271", "3171011001"})
        with_list.inspect(an_event()
                              .of(EventKind::published)
                              .at(kStart)
                              .with(Field::sirekap_race, "pkwkp")
                              .with(Field::sirekap_node, node)
                              .saying(area({}, "2024-11-28 01:00:00", 2, node[3] == '1' ? 2 : 9))
                              .build(),
                          out);
    EXPECT_THAT(published::told(out.all, "sirekap:unreadable"),
                ElementsAre("low: Inconsistency in Sirekap data: pkwkp of 3172: the code is not in "
                            "the register of TPS"));
}

TEST_F(Published, ADenominatorThatChangesIsAnEventAndNoError) {
    take("31", area({{"3171", 10}}, "2024-11-28 01:00:00", 10, 823236));
    take("31", area({{"3171", 11}}, "2024-11-28 01:15:00", 10, 823378));
    EXPECT_THAT(told(), ElementsAre("denominator info"));
    EXPECT_THAT(last(), HasSubstr("changed from 823,236 to 823,378"));
}

TEST_F(Published, AKeyThatComesInTheMiddleOfTheCountIsToldOnce) {
    std::string without = area({}, "2024-11-28 01:00:00");
    without.erase(without.find(R"("mode":"hhcw",)"), 14);
    for (int i = 10; i < 40; ++i) take(std::to_string(i), without);
    EXPECT_THAT(told(), IsEmpty());
    for (int i = 40; i < 60; ++i) take(std::to_string(i), area({}, "2024-11-28 01:00:00"));
    EXPECT_THAT(told(), ElementsAre("schema-drift info"));
    EXPECT_THAT(last(), HasSubstr("the key mode came after 30 files"));
}

TEST_F(Published, FlagsThatDoNotFitAreJudgedByTheirShare) {
    const auto odd = form("[]", "null");  // status_suara is true
    take("3171011001001", odd);
    EXPECT_THAT(told(), ElementsAre("schema-drift low"));
    for (int tps = 2; tps <= 60; ++tps) take(fmt::format("3171011001{:03}", tps), form("[]"));
    take("3171011001061", odd);
    EXPECT_THAT(told(), ElementsAre("schema-drift low", "schema-drift medium"));
    EXPECT_EQ(findings.all.back().entity, "pkwkp 3171011001061");
}

TEST_F(Published, WhoeverRewritesEverythingMakesAFewAlerts) {
    for (int i = 10; i < 90; ++i) take(std::to_string(i), area({}, "2024-11-28 01:00:00", 10));
    for (int i = 10; i < 90; ++i) take(std::to_string(i), area({}, "2024-11-28 01:15:00", 9));
    std::set<std::string> entities;
    for (const Finding& finding : findings.all) entities.insert(finding.entity);
    EXPECT_EQ(findings.all.size(), 80u);
    EXPECT_EQ(entities.size(), PublishedDetector::kToldOneByOne + 1);
}

TEST_F(Published, TablesAreCappedAndCountWhatTheyPushOut) {
    for (int i = 0; i < 300; ++i)
        take(fmt::format("31{:02}{:02}", 10 + i / 90, 10 + i % 90),
             area({}, "2024-11-28 01:00:00"));
    EXPECT_EQ(detector.entries(), 100u);
    EXPECT_EQ(detector.evicted(), 200u);
    std::vector<std::pair<std::string, int>> rows;
    for (int i = 10; i < 99; ++i) rows.emplace_back(fmt::format("31{}", i), 1);
    take("31", area(rows, "2024-11-28 01:00:00"));
    for (int province = 32; province < 60; ++province) {
        for (auto& [code, votes] : rows) code.replace(0, 2, std::to_string(province));
        take(std::to_string(province), area(rows, "2024-11-28 01:00:00"));
    }
    EXPECT_LE(detector.entries(), 6u) << "500 rows";
}

TEST_F(Published, RacesAreCapped) {
    for (int i = 0; i < 70; ++i)
        take("31", area({}, "2024-11-28 01:00:00"), "published", fmt::format("race{}", i));
    EXPECT_EQ(detector.counts()[4].total, 70 - PublishedDetector::kRaces);
}

TEST(PemiluFiles, OfTheRealCountAddUp) {
    const auto folder = shared_folder() / "data/sirekap/pemilu2024";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    PublishedDetector detector;
    const auto findings = findings_of_folder(detector, folder);
    // KPU added the key on 16 February, in the middle of the count; nothing else is of note.
    EXPECT_THAT(published::told(findings, "sirekap:schema-drift"),
                ElementsAre(HasSubstr("the key mode came after ")));
    EXPECT_EQ(findings.size(), 1u);
    EXPECT_GT(detector.counts()[0].total, 500u);
}

}  // namespace
}  // namespace kentongan::sirekap::published
