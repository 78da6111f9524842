#include <gtest/gtest.h>

#include <map>

#include "daemon/base/text.hpp"
#include "daemon/drill/generate/jakarta.hpp"
#include "daemon/drill/generate/logs.hpp"
#include "daemon/drill/generate/zeek_records.hpp"
#include "tests/support/captures.hpp"

namespace kentongan::generate {
namespace {

TEST(Jakarta, HasTheCountsThatKpuPublished) {
    const Jakarta jakarta{1};
    EXPECT_EQ(jakarta.tps().size(), 14'835u);
    EXPECT_EQ(jakarta.kelurahan().size(), 267u);
    std::map<std::string, int> by_kabupaten;
    std::map<std::string, int> kecamatan;
    for (const auto& tps : jakarta.tps()) {
        EXPECT_EQ(tps.size(), 13u);
        ++by_kabupaten[tps.substr(0, 4)];
        ++kecamatan[tps.substr(0, 6)];
    }
    const std::map<std::string, int> expected{{"3101", 41},   {"3171", 1542}, {"3172", 2386},
                                              {"3173", 3452}, {"3174", 3270}, {"3175", 4144}};
    EXPECT_EQ(by_kabupaten, expected);
    EXPECT_EQ(kecamatan.size(), 44u);
}

TEST(UploadDelay, FollowsTheRealCurve) {
    const auto hours = [](double share) {
        return to_seconds(upload_delay_after_close(share)) / 3600;
    };
    EXPECT_NEAR(hours(0.94), 5, 0.01);     // 18:00
    EXPECT_NEAR(hours(0.9972), 12, 0.01);  // 01:00
    EXPECT_NEAR(hours(1.0), 24, 0.01);     // 13:00 the next day
    for (double share = 0; share < 1; share += 0.01) EXPECT_LE(hours(share), hours(share + 0.01));
}

Night a_night(std::uint64_t seed) {
    Night night;
    night.seed = seed;
    night.scale = 0.02;
    return night;
}

/// Everything a seed makes.
std::string all_of(std::uint64_t seed) {
    const Night night = a_night(seed);
    const Jakarta jakarta{seed};
    return jakarta.csv() + join(sirekap_log(night, jakarta)) + join(nginx_log(night)) +
           join(auth_log(night)) + join(audit_log(night)) + join(system_log(night)) +
           join(postgresql_log(night)) + zeek_records(seed, 50, night.close) +
           attacked_network(seed, night.close);
}

TEST(Generate, TheSameSeedGivesTheSameBytesAndAnotherDoesNot) {
    const std::string first = all_of(7);
    EXPECT_TRUE(first == all_of(7));
    EXPECT_FALSE(first == all_of(8));
}

TEST(Generate, EveryTpsUploadsBothPagesOfItsForm) {
    Night night = a_night(7);
    night.scale = 1;
    const Jakarta jakarta{7};
    std::map<std::string, int> uploads;
    for (const auto& line : sirekap_log(night, jakarta)) {
        if (line.text.find(R"("event":"formc-image.upload",)") == std::string::npos) continue;
        if (line.text.find(R"("status":200)") == std::string::npos) continue;
        const auto at = line.text.find(R"("kodeTps":")") + 11;
        ++uploads[line.text.substr(at, 13)];
    }
    for (const auto& tps : jakarta.tps()) ASSERT_EQ(uploads[tps], 2) << tps;
    EXPECT_EQ(uploads.size(), 14'835u + 5);  // and five that do not exist
}

TEST(Generate, LinesComeInTheOrderOfTimeAndASqueezedNightEndsInTime) {
    Night night = a_night(7);
    night.squeeze = std::chrono::seconds{60};
    for (const auto& lines : {sirekap_log(night, Jakarta{7}), auth_log(night), audit_log(night),
                              postgresql_log(night)}) {
        for (std::size_t i = 1; i < lines.size(); ++i) ASSERT_LE(lines[i - 1].time, lines[i].time);
        EXPECT_LE(lines.back().time, night.close + std::chrono::seconds{75});
    }
}

}  // namespace
}  // namespace kentongan::generate
