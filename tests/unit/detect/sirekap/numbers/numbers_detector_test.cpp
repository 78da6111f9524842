#include "daemon/detect/sirekap/numbers/numbers_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/file.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/project.hpp"
#include "tests/unit/detect/sirekap/published/snapshots.hpp"

namespace kentongan::sirekap::numbers {
namespace {

using published::findings_of_folder;
using published::told;
using testing::HasSubstr;

const Timestamp kStart = *parse_rfc3339("2024-02-15T00:00:00Z");

Election election(std::string_view name) { return Election::named(name).value(); }

/// A TPS's file, with `votes` for the second candidate.
Event a_file(std::string_view tps, int votes, int at_minutes = 0) {
    const std::string body = fmt::format(
        R"({{"mode":"hhcw","chart":{{"null":null,"100025":72,"100026":{},"100027":35}},"images":[null,null,null],
        "administrasi":{{"suara_sah":216,"suara_total":219,"pemilih_dpt_j":276,"pemilih_dpt_l":138,"pemilih_dpt_p":138,
        "pengguna_dpt_j":214,"pengguna_dpt_l":108,"pengguna_dpt_p":106,"pengguna_dptb_j":3,"pengguna_dptb_l":0,
        "pengguna_dptb_p":3,"suara_tidak_sah":3,"pengguna_total_j":219,"pengguna_total_l":109,"pengguna_total_p":110,
        "pengguna_non_dpt_j":2,"pengguna_non_dpt_l":1,"pengguna_non_dpt_p":1}},"psu":null,
        "ts":"2024-02-15 00:46:45","status_suara":true,"status_adm":true}})",
        votes);
    return an_event()
        .of(EventKind::published)
        .at(kStart + std::chrono::minutes{at_minutes})
        .in("published:test")
        .with(Field::sirekap_race, "ppwp")
        .with(Field::sirekap_node, tps)
        .saying(body)
        .build();
}

TEST(Numbers, OfATpsThatAddUpAreSilent) {
    NumbersDetector detector{election("pilkada2024")};
    RecordingFindings out;
    detector.inspect(a_file("3173011006272", 109), out);
    EXPECT_TRUE(out.all.empty());
}

TEST(Numbers, AFaultIsAWorkItemInThePemiluAndMoreInThePilkada) {
    for (const auto& [name, severity] :
         {std::pair{"pemilu2024", Severity::info}, {"pilkada2024", Severity::medium}}) {
        NumbersDetector detector{election(name)};
        RecordingFindings out;
        detector.inspect(a_file("3173011006272", 189), out);
        ASSERT_EQ(out.all.size(), 1u);
        EXPECT_EQ(out.all[0].severity, severity);
        EXPECT_EQ(out.all[0].rule->rule_class, "work_item");
        EXPECT_EQ(out.all[0].subject.tps, "3173011006272");
        EXPECT_EQ(out.all[0].message,
                  "Inconsistency in Sirekap data: ppwp of TPS 3173011006272: VR1: the candidates' "
                  "votes are 296 together, suara_sah is 216; 1 digit of candidate 100026: 189 -> "
                  "109");
    }
}

TEST(Numbers, AFaultIsToldOnceAndAgainWhenItIsAnother) {
    NumbersDetector detector{election("pemilu2024")};
    RecordingFindings out;
    detector.inspect(a_file("3173011006272", 189, 0), out);
    detector.inspect(a_file("3173011006272", 188, 1), out);
    EXPECT_EQ(out.all.size(), 1u);
    detector.inspect(a_file("3173011006272", 109, 2), out);
    detector.inspect(a_file("3173011006272", 189, 3), out);
    EXPECT_EQ(out.all.size(), 2u);
}

TEST(Numbers, AnAreaWithFarMoreFaultsThanElsewhereIsTold) {
    NumbersDetector detector{election("pemilu2024")};
    RecordingFindings out;
    for (int kabupaten = 1; kabupaten <= 5; ++kabupaten)
        for (int tps = 1; tps <= 200; ++tps) {
            const bool faulty = tps % (kabupaten == 3 ? 4 : 20) == 0;
            detector.inspect(
                a_file(fmt::format("310{}011001{:03}", kabupaten, tps), faulty ? 189 : 109), out);
        }
    detector.end_of_input(out);
    const auto areas = told(out.all, "sirekap:failure-share");
    ASSERT_EQ(areas.size(), 1u);
    EXPECT_EQ(areas[0],
              "medium: Inconsistency in Sirekap data: ppwp of 3103: 50 of 200 TPS (25.0 %) break "
              "VR1, VR2 or VR3; elsewhere 5.1 % do");
}

TEST(Numbers, TpsPastTheCapAreLeftOutAndCounted) {
    NumbersDetector detector{election("pemilu2024"), 10};
    RecordingFindings out;
    for (int tps = 1; tps <= 15; ++tps)
        detector.inspect(a_file(fmt::format("3101011001{:03}", tps), 109), out);
    EXPECT_EQ(detector.entries(), 10u);
    EXPECT_EQ(detector.evicted(), 5u);
}

TEST(Numbers, OfRealFilesRaiseNothingAboveAWorkItemInThePemilu) {
    const auto folder = shared_folder() / "data/sirekap/pemilu2024";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    NumbersDetector detector{election("pemilu2024")};
    const auto findings = findings_of_folder(detector, folder);
    EXPECT_GT(told(findings, "sirekap:arithmetic").size(), 10u);
    for (const Finding& finding : findings) {
        if (finding.rule->advisory) continue;
        EXPECT_EQ(finding.severity.value_or(finding.rule->severity), Severity::info)
            << finding.message;
        EXPECT_EQ(finding.rule->rule_class, "work_item");
    }
    NumbersDetector stronger{election("pilkada2024")};
    std::size_t medium = 0;
    for (const Finding& finding : findings_of_folder(stronger, folder))
        medium += finding.rule->id == "sirekap:arithmetic" && finding.severity == Severity::medium;
    EXPECT_GT(medium, 10u);
}

/// Every form of the table as an event's record, then the end of input.
std::vector<Finding> findings_of_table(std::string_view file) {
    const auto csv = read_file(shared_folder() / "data/sirekap/pemilu2024" / file).value();
    NumbersDetector detector{election("pemilu2024")};
    RecordingFindings out;
    for (TpsRecord& record : parse_records(csv, file, {100025, 100026, 100027}).value()) {
        record.race = "ppwp";
        detector.take(record, an_event().at(kStart).build(), out);
    }
    detector.end_of_input(out);
    return std::move(out.all);
}

TEST(Numbers, OfTheRealTableRaiseNoAreaAndNoStatisticButRareOnes) {
    const auto folder = shared_folder() / "data/sirekap/pemilu2024";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared data: set KENTONGAN_SHARED";
    for (const auto* file : {"dki_ppwp_20240220_fixture.csv", "dki_ppwp_20240317_fixture.csv"}) {
        const auto findings = findings_of_table(file);
        EXPECT_TRUE(told(findings, "sirekap:failure-share").empty());
        EXPECT_TRUE(told(findings, "sirekap:last-digits").empty());
        EXPECT_LE(told(findings, "sirekap:identical-vectors").size(), 1u);
    }
}

}  // namespace
}  // namespace kentongan::sirekap::numbers
