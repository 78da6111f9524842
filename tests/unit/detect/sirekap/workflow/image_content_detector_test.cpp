#include "daemon/detect/sirekap/workflow/image_content_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/digest.hpp"
#include "daemon/detect/sirekap/image/form_scanner.hpp"
#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

constexpr auto* kSimilar = "sirekap:similar-image";
constexpr auto* kDuplicate = "sirekap:duplicate-image";
const CellHash kInk{{0x5555AAAA5555AAAA, 0x0123456789ABCDEF}};

std::string name_of(std::string_view tps) {
    return fmt::format("{}-20241127-190000--63ec3c57-d3fc-472f-b04b-9cafe69974c1.jpg", tps);
}

struct Contents : testing::Test, Watched<ImageContentDetector> {
    Contents() : Watched{ImageContentDetector{WorkflowOptions{}}, {}} {}
    void file(std::string_view tps, std::string_view pixels, const CellHash& hash = kInk) {
        take(an_event()
                 .of(EventKind::file)
                 .at(kNight)
                 .from(kFormImages)
                 .with(Field::file_path, "/srv/upload/" + name_of(tps))
                 .with(Field::file_name, name_of(tps))
                 .with(Field::sirekap_tps, tps)
                 .with("sirekap.pixels", sha256_hex(pixels))
                 .with("sirekap.cells", "C_HASIL_KWK/2:" + hash.to_hex()));
    }
    void upload(std::string_view tps, int page, std::string_view form = "C_HASIL_KWK") {
        take(Doing{"formc-image.upload", 0, tps}
                 .by("kpps-1")
                 .with(Field::file_name, name_of(tps))
                 .with(Field::sirekap_form, form)
                 .with(Field::sirekap_page, page));
    }
};

TEST_F(Contents, OneHandOnTwoFormsIsAHintForTheQueue) {
    upload("3171011001001", 2);
    file("3171011001001", "a");
    CellHash near = kInk;
    near.words[1] ^= 0b10101;
    file("3171011001002", "b", near);
    EXPECT_TRUE(findings.all.empty()) << "its page is not known yet";
    upload("3171011001002", 2);
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().rule->id, kSimilar);
    EXPECT_EQ(last().rule->severity, Severity::low);
    EXPECT_TRUE(last().rule->advisory);
    EXPECT_EQ(last().entity, "3171011001002");
    EXPECT_THAT(last().message, testing::HasSubstr("on page 2 of TPS 3171011001002 looks like that "
                                                   "of TPS 3171011001001 (3 of 128 bits"));
}

TEST_F(Contents, OtherPagesOtherFormsAndTheSameTpsAreNotCompared) {
    upload("3171011001001", 2);
    file("3171011001001", "a");
    upload("3171011001002", 1);
    file("3171011001002", "b");
    upload("3171011001003", 2, "C_HASIL_KWK_B");
    file("3171011001003", "c");
    file("3171011001001", "d");
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Contents, CleanFormsWithLittleInkAreSilent) {
    const CellHash little{{0x00000000000FF00F, 0}};
    for (const auto* tps : {"3171011001001", "3171011001002"}) {
        upload(tps, 2);
        file(tps, tps, little);
    }
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Contents, EqualPixelsOfTwoTpsAreDuplicatesWithoutAnyLog) {
    file("3171011001001", "picture");
    file("3171011001001", "picture");
    EXPECT_TRUE(findings.all.empty());
    file("3171011001002", "picture");
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().rule->id, kDuplicate);
    EXPECT_EQ(last().subject.file_path, "/srv/upload/" + name_of("3171011001002"));
}

}  // namespace
}  // namespace kentongan::sirekap
