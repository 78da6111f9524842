#include "daemon/detect/sirekap/workflow/uploader_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "daemon/detect/sirekap/assignments.hpp"
#include "daemon/detect/sirekap/workflow/positions.hpp"
#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

using testing::HasSubstr;

std::shared_ptr<const WorkflowOptions> with_assignments(std::string_view csv) {
    WorkflowOptions out;
    if (!csv.empty())
        out.assignments =
            std::make_shared<const Assignments>(Assignments::parse(csv, "list").value());
    return std::make_shared<const WorkflowOptions>(std::move(out));
}

Doing upload(std::string_view tps, std::string_view account, std::string_view device,
             double at = 0) {
    Doing out{"formc-image.upload", at, tps};
    out.by(account, "kpps").with(Field::sirekap_device, device);
    return out;
}

struct Uploaders : testing::Test, Watched<UploaderDetector> {
    Uploaders() : Watched{UploaderDetector{with_assignments("")}, {}} {}
};

TEST_F(Uploaders, OneDeviceForThreeTpsOfThreeKelurahanIsCritical) {
    take(upload("3171011001001", "a", "d"));
    EXPECT_TRUE(findings.all.empty());
    take(upload("3171011002001", "b", "d"));
    EXPECT_EQ(last().severity, Severity::medium);
    take(upload("3171011003001", "c", "d"));
    ASSERT_EQ(findings.all.size(), 2u);
    EXPECT_EQ(last().severity, Severity::critical);
    EXPECT_EQ(last().entity, "device d");
    EXPECT_EQ(last().message,
              "Inconsistency in Sirekap data: upload for TPS 3171011003001: device 'd' uploads for "
              "3 or more TPS");
}

TEST_F(Uploaders, NeighboursMayShareATelephone) {
    for (int page = 0; page < 3; ++page) {
        take(upload("3171011001001", "a", "d", page));
        take(upload("3171011001002", "b", "d", page));
    }
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Uploaders, AnOfficeOfOneKelurahanIsLow) {
    for (int i = 1; i <= 9; ++i)
        take(upload(fmt::format("317101100100{}", i), fmt::format("k{}", i), "office", i));
    ASSERT_FALSE(findings.all.empty());
    for (const Finding& finding : findings.all) {
        EXPECT_EQ(finding.severity, Severity::low);
        EXPECT_EQ(finding.entity, "device office");
    }
}

TEST_F(Uploaders, WhatIsADayApartIsNotTogether) {
    for (int i = 1; i <= 5; ++i)
        take(upload(fmt::format("317101100{}001", i), fmt::format("k{}", i), "d", 90000.0 * i));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Uploaders, OneAccountForThreeTpsIsCritical) {
    for (int i = 1; i <= 3; ++i)
        take(upload(fmt::format("317101100{}001", i), "busy", fmt::format("d{}", i), i));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::critical);
    EXPECT_EQ(last().entity, "busy");
}

TEST_F(Uploaders, AThirdAccountOfATpsIsCriticalUnlessItStepsIn) {
    take(upload(kTps, "a", "d1"));
    take(upload(kTps, "b", "d2"));
    EXPECT_TRUE(findings.all.empty());
    take(Doing{"admin.assignment.edit", 1}.by("kpu.3171").with(Field::user_target_name, "c"));
    take(upload(kTps, "c", "d3", 2));
    EXPECT_TRUE(findings.all.empty());
    take(upload(kTps, "d", "d4", 3));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().entity, kTps);
    EXPECT_EQ(last().severity, Severity::critical);
}

TEST_F(Uploaders, RefusedOnesAreOfMediumSeverity) {
    for (int i = 1; i <= 3; ++i) {
        Doing refused{"formc-image.upload", 1.0 * i, fmt::format("317101100{}001", i)};
        Event event = refused.by("busy").of(EventKind::web).build();
        Event copy = event;
        copy.set(Field::event_outcome, "failure");
        detector.inspect(copy, findings);
    }
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::medium);
    EXPECT_THAT(last().message, HasSubstr("; the server refused it"));
}

struct AssignedUploaders : testing::Test, Watched<UploaderDetector> {
    AssignedUploaders()
        : Watched{UploaderDetector{with_assignments("tps,account,device\n"
                                                    "3171011001001,a,d1\n3171011001001,b,d2\n"
                                                    "3171011001002,c,d3\n3171011001003,c,d3\n"
                                                    "3171011001004,c,d3\n")},
                  {}} {}
};

TEST_F(AssignedUploaders, WhoIsInTheListIsSilentForHoweverManyTps) {
    take(upload("3171011001001", "a", "d1"));
    for (const auto* tps : {"3171011001002", "3171011001003", "3171011001004"})
        take(upload(tps, "c", "d3"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(AssignedUploaders, SwappedOnesAreCritical) {
    take(upload("3171011001001", "c", "d3"));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::critical);
    EXPECT_THAT(last().message, HasSubstr("account 'c' is not assigned to it; device 'd3' is bound "
                                          "to another TPS"));
}

TEST_F(AssignedUploaders, AReplacementBeforeTheUploadExplainsItAndOneAfterDoesNot) {
    const auto steps_in = [](double at) {
        Doing out{"admin.assignment.edit", at};
        out.by("kpu.3171").with(Field::user_target_name, "z");
        return out;
    };
    take(upload(kTps, "z", "own telephone"));
    EXPECT_EQ(findings.all.size(), 1u);
    take(steps_in(10));
    take(upload(kTps, "z", "own telephone", 20));
    EXPECT_EQ(findings.all.size(), 1u);
    const auto saved = detector.checkpoint();
    ASSERT_TRUE(saved);
    Watched<UploaderDetector> later{
        UploaderDetector{with_assignments("tps,account\n3171011001001,a\n")}, {}};
    ASSERT_TRUE(later.detector.restore(*saved));
    later.take(upload(kTps, "z", "own telephone", 30));
    EXPECT_TRUE(later.findings.all.empty()) << "known over a restart";
    EXPECT_FALSE(later.detector.restore("damaged"));
}

TEST_F(AssignedUploaders, ATpsThatTheListDoesNotHaveIsNotJudgedByIt) {
    take(upload("3171011009001", "who", "what"));
    EXPECT_TRUE(findings.all.empty());
}

TEST(UploadersFarAway, AreOfMediumSeverity) {
    WorkflowOptions options;
    options.positions = std::make_shared<const TpsPositions>(
        TpsPositions::parse("tps,lat,lon\n3171011001001,-6.1754,106.8272\n", "p").value());
    Watched<UploaderDetector> at{
        UploaderDetector{std::make_shared<const WorkflowOptions>(std::move(options))}, {}};
    at.take(
        upload(kTps, "a", "d1").with("sirekap.latitude", -6.18).with("sirekap.longitude", 106.83));
    EXPECT_TRUE(at.findings.all.empty());
    at.take(upload(kTps, "a", "d1")
                .with("sirekap.latitude", -6.5950)
                .with("sirekap.longitude", 106.8166));
    ASSERT_EQ(at.findings.all.size(), 1u);
    EXPECT_EQ(at.last().severity, Severity::medium);
    EXPECT_THAT(at.last().message, HasSubstr("its telephone was 47 km away"));
}

TEST(TpsPositions, NameTheLineThatIsWrong) {
    const auto bad = TpsPositions::parse("tps,lat,lon\n3171011001001,-96.1,106.8\n", "p.csv");
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error().message, HasSubstr("p.csv:2"));
    EXPECT_NEAR(distance_between({-6.1754, 106.8272}, {-6.9175, 107.6191}), 120'400, 600);
}

TEST_F(Uploaders, HostileNamesWithoutEndStayWithinTheTables) {
    WorkflowOptions options;
    options.table_entries = 100;
    UploaderDetector small{std::make_shared<const WorkflowOptions>(options)};
    RecordingFindings out;
    for (int i = 0; i < 5000; ++i)
        small.inspect(upload(fmt::format("3171011{:03}{:03}", i / 1000, i % 1000),
                             fmt::format("a{}", i), fmt::format("d{}", i))
                          .build(),
                      out);
    EXPECT_LE(small.entries(), 300u);
    EXPECT_GT(small.evicted(), 0u);
    EXPECT_TRUE(out.all.empty());
}

}  // namespace
}  // namespace kentongan::sirekap
