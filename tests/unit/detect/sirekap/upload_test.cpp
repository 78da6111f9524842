#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/detect/sirekap/upload_detector.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/findings.hpp"

namespace kentongan::sirekap {
namespace {

const Timestamp kStart = *parse_rfc3339("2024-11-27T06:30:00Z");

std::shared_ptr<const Register> a_list() {
    return std::make_shared<const Register>(
        Register::parse("kode_kel,nama_kab,nama_kec,nama_kel,jumlah_tps,tps_suffixes\n"
                        "3171011006,KOTA ADM. JAKARTA PUSAT,GAMBIR,DURI PULO,6,001-006\n"
                        "3171011002,KOTA ADM. JAKARTA PUSAT,GAMBIR,CIDENG,2,001-002\n"
                        "3173011006,KOTA ADM. JAKARTA BARAT,CENGKARENG,RAWA BUAYA,3,001-003\n",
                        "list")
            .value());
}

EventBuilder an_upload(std::string_view tps, int at_seconds = 0) {
    return an_event()
        .of(EventKind::upload)
        .at(kStart + std::chrono::seconds{at_seconds})
        .in("/var/log/sirekap.json", 4711)
        .with(Field::sirekap_tps, tps)
        .with(Field::sirekap_account, "kpps-7")
        .with(Field::source_ip, *IpAddress::parse("114.4.0.1"))
        .saying("{\"kodeTps\":\"…\",\"userId\":\"kpps-7\"}");
}

struct Uploads : testing::Test {
    void take(const Event& event) {
        detector.inspect(event, findings);
        std::erase_if(findings.all, [](const Finding& finding) {
            return finding.rule->id == "sirekap:coverage";
        });
    }
    UploadDetector detector{std::make_shared<Coverage>(a_list()), {}};
    RecordingFindings findings;
};

TEST_F(Uploads, OfATpsInTheRegisterAreSilent) {
    take(an_upload("3171011006003").build());
    take(an_upload("3171011006003").build());
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Uploads, OfAnUnknownTpsInAKnownKelurahanAreOfMediumSeverity) {
    take(an_upload("3171011006007").build());
    ASSERT_EQ(findings.all.size(), 1u);
    const Finding& finding = findings.all[0];
    EXPECT_EQ(finding.rule->id, "sirekap:unknown-tps");
    EXPECT_EQ(finding.rule->name, "Upload for a TPS that is not in the register");
    EXPECT_EQ(finding.rule->rule_class, "result_integrity");
    EXPECT_EQ(finding.severity, Severity::medium);
    EXPECT_EQ(finding.entity, "3171011006007");
    EXPECT_EQ(finding.subject.tps, "3171011006007");
    EXPECT_EQ(finding.subject.user, "kpps-7");
    EXPECT_EQ(finding.message,
              "Inconsistency in Sirekap data: upload for TPS 3171011006007, which is not in the "
              "register");
}

TEST_F(Uploads, OfAnUnknownKelurahanAreOfHighSeverity) {
    take(an_upload("3171011009001").build());
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(findings.all[0].severity, Severity::high);
    EXPECT_THAT(findings.all[0].message, testing::EndsWith("; nor is its kelurahan"));
}

TEST_F(Uploads, ThatTheServerRefusedAreOfLowSeverity) {
    take(an_upload("3171011009001").with(Field::event_outcome, "failure").build());
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(findings.all[0].severity, Severity::low);
}

TEST_F(Uploads, WithAMalformedCodeAreAFindingAboutTheSender) {
    take(an_upload("31710110060").build());
    take(an_upload("<script>").build());
    ASSERT_EQ(findings.all.size(), 2u);
    for (const Finding& finding : findings.all) {
        EXPECT_EQ(finding.rule->id, "sirekap:malformed-tps");
        EXPECT_EQ(finding.rule->severity, Severity::low);
        EXPECT_EQ(finding.entity, "kpps-7");
        EXPECT_EQ(finding.subject.tps, "");
    }
}

TEST_F(Uploads, OfInventedCodesWithoutEndBecomeOneFindingsEntity) {
    for (int i = 0; i < 500; ++i) take(an_upload(fmt::format("3171011099{:03}", i), i).build());
    std::set<std::string> entities;
    for (const Finding& finding : findings.all) entities.insert(finding.entity);
    EXPECT_EQ(findings.all.size(), 500u);
    EXPECT_EQ(entities.size(), 21u);
    EXPECT_THAT(findings.all.back().message, testing::HasSubstr("more than 20 TPS"));
}

TEST_F(Uploads, OfAFewUnknownTpsNowAndThenKeepTheirOwnEntity) {
    for (int i = 0; i < 100; ++i)
        take(an_upload(fmt::format("3171011099{:03}", i), i * 60).build());
    std::set<std::string> entities;
    for (const Finding& finding : findings.all) entities.insert(finding.entity);
    EXPECT_EQ(entities.size(), 100u);
}

struct Steps : testing::Test {
    void upload(std::string_view tps) { detector.inspect(an_upload(tps).build(), findings); }
    std::shared_ptr<Coverage> coverage = std::make_shared<Coverage>(a_list());
    UploadDetector detector{coverage, {}};
    RecordingFindings findings;
};

TEST_F(Steps, EachQuarterAndTheEndAreTold) {
    for (const auto* tps : {"3171011006001", "3171011006002"}) upload(tps);
    ASSERT_EQ(findings.all.size(), 1u);  // 2 of 8
    const Finding& finding = findings.all[0];
    EXPECT_EQ(finding.rule->id, "sirekap:coverage");
    EXPECT_EQ(finding.rule->severity, Severity::info);
    EXPECT_EQ(finding.rule->rule_class, "coverage");
    EXPECT_FALSE(finding.rule->advisory);
    EXPECT_EQ(finding.entity, "317101");
    EXPECT_EQ(finding.message, "Kecamatan 317101 GAMBIR: 2 of 8 TPS have uploaded (25 %)");
    for (const auto* tps : {"3171011006003", "3171011006004", "3171011006005", "3171011006006",
                            "3171011002001", "3171011002002"})
        upload(tps);
    ASSERT_EQ(findings.all.size(), 4u);
    EXPECT_EQ(findings.all[3].message,
              "Kecamatan 317101 GAMBIR: 8 of 8 TPS have uploaded (100 %, complete)");
    EXPECT_EQ(coverage->of("3173")->received, 0u);
}

TEST_F(Steps, ARepeatedUploadDoesNotCountTwice) {
    for (int i = 0; i < 50; ++i) upload("3171011006001");
    EXPECT_TRUE(findings.all.empty());
    EXPECT_EQ(coverage->of("317101")->received, 1u);
}

TEST_F(Steps, UnknownMalformedAndRefusedUploadsDoNotCount) {
    upload("3171011006009");
    upload("x");
    findings.all.clear();
    detector.inspect(an_upload("3171011006001").with(Field::event_outcome, "failure").build(),
                     findings);
    EXPECT_EQ(coverage->of("31")->received, 0u);
}

TEST_F(Steps, TheFindingNamesNeitherAccountNorAddressOfTheUpload) {
    for (const auto* tps : {"3171011006001", "3171011006002"}) upload(tps);
    ASSERT_EQ(findings.all.size(), 1u);
    const Finding& finding = findings.all[0];
    EXPECT_EQ(finding.subject.area, "317101");
    EXPECT_EQ(finding.subject.user, "");
    EXPECT_FALSE(finding.subject.source_ip);
    EXPECT_EQ(finding.evidence.at(0).offset, 4711u);
    EXPECT_EQ(finding.evidence.at(0).excerpt, finding.message);
}

}  // namespace
}  // namespace kentongan::sirekap
