#include "daemon/detect/sirekap/workflow/duplicate_image_detector.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "daemon/base/digest.hpp"
#include "tests/unit/detect/sirekap/workflow/acts.hpp"

namespace kentongan::sirekap {
namespace {

Doing upload(std::string_view tps, int page, std::string_view content) {
    Doing out{"formc-image.upload", 0, tps};
    out.by("kpps-1", "kpps")
        .with(Field::sirekap_page, page)
        .with(Field::sirekap_file_hash, sha256_hex(content));
    return out;
}

struct Duplicates : testing::Test, Watched<DuplicateImageDetector> {
    explicit Duplicates(WorkflowOptions options = {})
        : Watched{DuplicateImageDetector{options}, {}} {}
};

TEST_F(Duplicates, OfAnotherTpsAreFound) {
    take(upload("3171011001001", 2, "picture"));
    take(upload("3171011001002", 2, "picture"));
    ASSERT_EQ(findings.all.size(), 1u);
    EXPECT_EQ(last().rule->severity, Severity::high);
    EXPECT_EQ(last().entity, "3171011001002");
    EXPECT_EQ(last().message,
              "Inconsistency in Sirekap data: the picture uploaded for page 2 of TPS 3171011001002 "
              "is the same file as that of page 2 of TPS 3171011001001");
}

TEST_F(Duplicates, OfAnotherPageAreFoundAndOfTheSameAreNot) {
    take(upload("3171011001001", 1, "picture"));
    take(upload("3171011001001", 1, "picture"));
    EXPECT_TRUE(findings.all.empty());
    take(upload("3171011001001", 2, "picture"));
    EXPECT_EQ(findings.all.size(), 1u);
}

TEST_F(Duplicates, OfAPlaceholderAreSilent) {
    WorkflowOptions options;
    options.placeholder_hashes = {sha256_hex("belum ada")};
    Duplicates::detector = DuplicateImageDetector{options};
    take(upload("3171011001001", 1, "belum ada"));
    take(upload("3171011001002", 1, "belum ada"));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Duplicates, WithoutAHashOrWithNonsenseForOneAreNotCompared) {
    for (const auto* hash : {"", "abc", "zz", "same same same"})
        for (const auto* tps : {"3171011001001", "3171011001002"})
            take(Doing{"formc-image.upload", 0, tps}.with(Field::sirekap_file_hash, hash));
    EXPECT_TRUE(findings.all.empty());
}

TEST_F(Duplicates, ForHundredsOfTpsBecomeOneAlertAboutThePicture) {
    for (int i = 0; i < 300; ++i) take(upload(fmt::format("3171011001{:03}", i), 1, "picture"));
    EXPECT_EQ(findings.all.size(), 299u);
    std::set<std::string> entities;
    for (const Finding& finding : findings.all) entities.insert(finding.entity);
    EXPECT_EQ(entities.size(), 21u);
    EXPECT_TRUE(entities.contains("picture " + sha256_hex("picture").substr(0, 16)));
}

TEST(ImageIndex, ForgetsTheOldestAndCountsIt) {
    ImageIndex index{3};
    for (std::uint64_t hash = 1; hash <= 4; ++hash)
        EXPECT_FALSE(index.add(hash, {.tps = hash, .form = 0, .page = 1}));
    EXPECT_EQ(index.size(), 3u);
    EXPECT_EQ(index.evicted(), 1u);
    EXPECT_FALSE(index.add(1, {.tps = 9, .form = 0, .page = 1})) << "forgotten";
    EXPECT_EQ(index.add(4, {.tps = 9, .form = 0, .page = 1})->tps, 4u);
}

}  // namespace
}  // namespace kentongan::sirekap
