#include "daemon/detect/sirekap/workflow/four_eyes_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

struct FourEyes : testing::Test, Watched<FourEyesDetector> {
    FourEyes() : Watched{FourEyesDetector{WorkflowOptions{}}, {}} {}
};

TEST_F(FourEyes, OnOneDeviceWithinTenMinutesAreTwo) {
    take(Doing{"rekap.edit", 0}.by("ppk.1").with(Field::sirekap_device, "w-07"));
    take(Doing{"rekap.verify", 90}.by("ppk.2").with(Field::sirekap_device, "w-07"));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().rule->id, "sirekap:four-eyes");
    EXPECT_EQ(last().severity, Severity::high);
    EXPECT_EQ(last().message,
              "Inconsistency in Sirekap data: numbers of TPS 3171011001001 were changed by 'ppk.1' "
              "and approved by 'ppk.2' from one device");
}

TEST_F(FourEyes, InOneSessionAreTwo) {
    take(Doing{"rekap.edit", 0}.by("ppk.1").with("sirekap.session", "s1"));
    take(Doing{"rekap.verify", 90}.by("ppk.2").with("sirekap.session", "s1"));
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST_F(FourEyes, BehindOneAddressAreLow) {
    const auto office = *IpAddress::parse("10.31.1.20");
    take(Doing{"rekap.edit", 0}
             .by("ppk.1")
             .with(Field::sirekap_device, "w-07")
             .with(Field::source_ip, office));
    take(Doing{"rekap.verify", 90}
             .by("ppk.2")
             .with(Field::sirekap_device, "w-08")
             .with(Field::source_ip, office));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().severity, Severity::low);
}

TEST_F(FourEyes, LaterOnTheSameDeviceOrAtAnotherTpsAreFour) {
    take(Doing{"rekap.edit", 0}.by("ppk.1").with(Field::sirekap_device, "w-07"));
    take(
        Doing{"rekap.verify", 60, "3171011001009"}.by("ppk.2").with(Field::sirekap_device, "w-07"));
    take(Doing{"rekap.verify", 660}.by("ppk.2").with(Field::sirekap_device, "w-07"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(FourEyes, OfOneWhoCorrectsWhileVerifyingAreNotAsked) {
    take(Doing{"rekap.edit", 0}.by("ppk.1").stage("read"));
    take(Doing{"rekap.verify", 60}.by("ppk.1"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(FourEyes, OfOneWhoCorrectsAfterVerificationAndVerifiesAgainAreTwo) {
    take(Doing{"rekap.edit", 0}.by("ppk.1").stage("verified"));
    take(Doing{"rekap.verify", 7200}.by("ppk.1"));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_THAT(last().message, testing::HasSubstr("from one account"));
}

}  // namespace
}  // namespace kentongan::sirekap
