#include "daemon/detect/sirekap/workflow/early_upload_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

using testing::HasSubstr;

std::shared_ptr<const WorkflowOptions> on(std::vector<VotingDay> days = {}) {
    WorkflowOptions out;
    out.voting_days = std::move(days);
    return std::make_shared<const WorkflowOptions>(std::move(out));
}

struct Early : testing::Test, Watched<EarlyUploadDetector> {
    explicit Early(std::vector<VotingDay> days = {})
        : Watched{EarlyUploadDetector{on(std::move(days))}, {}} {}
    void upload(std::string_view tps, std::string_view at) {
        take(Doing{"formc-image.upload", 0, tps}.by("kpps-1", "kpps").at(at));
    }
};

TEST_F(Early, TwentyToOneInDenpasarIsBeforeTheClose) {
    upload("5171011001001", "2024-11-27T12:40:00+08:00");
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::high);
    EXPECT_EQ(last().message,
              "Inconsistency in Sirekap data: a form of TPS 5171011001001 was received at 27 Nov "
              "12:40 WITA, before the polls close at 27 Nov 13:00 WITA");
}

TEST_F(Early, WithinTwentyMinutesAfterTheCloseIsLow) {
    upload("3171011001001", "2024-11-27T13:19:59+07:00");
    EXPECT_EQ(last().severity, Severity::low);
    EXPECT_EQ(last().entity, "3171") << "one alert a kabupaten";
    upload("3171011001002", "2024-11-27T13:20:00+07:00");
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST_F(Early, ZonesDecide) {
    upload("8171011001001", "2024-11-27T13:30:00+09:00");
    EXPECT_TRUE(findings.all.empty()) << "WIT closes first";
    upload("3171011001001", "2024-11-27T13:30:00+09:00");
    EXPECT_EQ(findings.all.size(), 1u) << "11:30 WIB";
}

TEST_F(Early, PhotographedBeforeTheCloseIsOfMediumSeverity) {
    take(Doing{"formc-image.upload", 0}
             .by("kpps-1", "kpps")
             .at("2024-11-27T15:00:00+07:00")
             .with("sirekap.age_seconds", 3 * 3600)
             .with("sirekap.offline", true));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::medium);
    EXPECT_THAT(last().message, HasSubstr("made at 27 Nov 12:00 WIB by its telephone's clock"));
}

TEST_F(Early, TrainingInTheAppAndOverseasAreSilent) {
    take(Doing{"formc-image.upload", 0}.at("2024-11-27T09:00:00+07:00").with("isDummy", true));
    upload("99AA010001001", "2024-11-27T09:00:00+07:00");
    EXPECT_TRUE(findings.all.empty());
}

TEST(EarlyInARehearsal, NothingIs) {
    WorkflowOptions options;
    options.rehearsal = true;
    Watched<EarlyUploadDetector> at{
        EarlyUploadDetector{std::make_shared<const WorkflowOptions>(options)}, {}};
    at.take(Doing{"formc-image.upload", 0}.at("2024-11-20T09:00:00+07:00"));
    EXPECT_TRUE(at.findings.all.empty());
}

struct Repeated : Early {
    Repeated()
        : Early({{{"317101"}, *parse_rfc3339("2024-12-05T00:00:00Z"), false},
                 {{"3172"}, *parse_rfc3339("2024-12-01T00:00:00Z"), true}}) {}
};

TEST_F(Repeated, AVoteThatIsRepeatedHasACloseOfItsOwnOnThatDay) {
    upload("3171011001001", "2024-11-27T14:00:00+07:00");
    upload("3171011001001", "2024-12-05T14:00:00+07:00");
    upload("3171021001001", "2024-12-05T10:00:00+07:00");
    EXPECT_TRUE(findings.all.empty());
    upload("3171011001001", "2024-12-05T12:00:00+07:00");
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST_F(Repeated, AVoteThatIsPutOffHasThatDayAlone) {
    upload("3172011001001", "2024-11-27T15:00:00+07:00");
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_THAT(last().message, HasSubstr("before the polls close at 01 Dec 13:00 WIB"));
    upload("3172011001001", "2024-12-01T15:00:00+07:00");
    EXPECT_EQ(findings.all.size(), 1u);
}

}  // namespace
}  // namespace kentongan::sirekap
