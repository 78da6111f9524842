#include "daemon/detect/sirekap/workflow/backdated_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

using testing::HasSubstr;

struct Backdated : testing::Test, Watched<BackdatedDetector> {
    Backdated() : Watched{BackdatedDetector{WorkflowOptions{}}, {}} {}
};

TEST_F(Backdated, ElevenMinutesOldAndNotOfflineIsFound) {
    take(Doing{"rekap.edit", 0}.with("sirekap.age_seconds", 660));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::high);
    EXPECT_THAT(last().message, HasSubstr("660 s before it was received"));
}

TEST_F(Backdated, OfflineUploadsSaySoAndAreSilent) {
    take(Doing{"formc-image.upload", 0}
             .with("sirekap.age_seconds", 20000)
             .with("sirekap.offline", true));
    take(Doing{"formc-image.upload", 60}
             .with("sirekap.age_seconds", 30000)
             .with("sirekap.offline", true));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Backdated, FromTheFutureIsFound) {
    take(Doing{"rekap.verify", 0}.with("sirekap.age_seconds", -3600));
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST_F(Backdated, BeforeTheLastEventOfTheTpsIsFound) {
    take(Doing{"rekap.edit", 0}.with("sirekap.age_seconds", 0));
    take(Doing{"rekap.verify", 10}.with("sirekap.age_seconds", 300));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_THAT(last().message, HasSubstr("before the last event of 2024-11-27T12:00:00Z"));
    take(Doing{"rekap.verify", 10, "3171011001002"}.with("sirekap.age_seconds", 300));
    EXPECT_EQ(findings.all.size(), 1u) << "another TPS";
}

TEST_F(Backdated, AMinuteOfDisorderIsUsual) {
    take(Doing{"rekap.edit", 0}.with("sirekap.age_seconds", 0));
    take(Doing{"rekap.verify", 1}.with("sirekap.age_seconds", 60));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Backdated, APictureNamedTwoDaysBeforeIsOfMediumSeverity) {
    const auto named = [](std::string_view stamp) {
        return fmt::format("3171011001001-{}--63ec3c57-d3fc-472f-b04b-9cafe69974c1.jpg", stamp);
    };
    take(Doing{"formc-image.upload", 0}.with(Field::file_name, named("20241125-190000")));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::medium);
    // Photographs of one TPS span hours; the catalogue's real ones 7.5 h at the 90th percentile.
    take(Doing{"formc-image.upload", 1}.with(Field::file_name, named("20241127-113000")));
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST(StampOfImage, ReadsRealNamesAndNothingElse) {
    const auto stamp = stamp_of_image(
        "11eb/pemilu/ppwp/31/73/01/10/06/"
        "3173011006272-20240214-193505--63ec3c57-d3fc-472f-b04b-9cafe69974c1.jpg");
    ASSERT_TRUE(stamp);
    EXPECT_EQ(to_rfc3339(*stamp, 0), "2024-02-14T12:35:05Z");
    for (const auto* bad : {"", "a.jpg", "3173011006272.jpg", "3173011006272-20240214-1935",
                            "3173011006272-20241314-193505--x.jpg", "3173011006272-2024",
                            "3173011006272-20240214-193505.jpg", "31730110062-20240214-193505--x"})
        EXPECT_FALSE(stamp_of_image(bad)) << bad;
}

}  // namespace
}  // namespace kentongan::sirekap
