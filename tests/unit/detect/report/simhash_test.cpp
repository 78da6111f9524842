#include "daemon/detect/report/simhash.hpp"

#include <gtest/gtest.h>

#include <bit>

namespace kentongan::report {
namespace {

int apart(std::string_view a, std::string_view b) {
    return std::popcount(simhash(a, 1) ^ simhash(b, 1));
}

constexpr std::string_view kText =
    "Angka perolehan suara di TPS 12 pada aplikasi tidak sama dengan formulir yang ditempel";

TEST(SimHash, CasePunctuationAndNumbersMakeNoDifference) {
    EXPECT_EQ(apart(kText,
                    "ANGKA perolehan suara, di TPS 7 pada aplikasi TIDAK sama dengan "
                    "formulir yang ditempel!!!"),
              0);
}

TEST(SimHash, AnotherTextIsFarAway) {
    EXPECT_GT(apart(kText, "Kami disuruh pulang oleh petugas sebelum sempat mencoblos siang itu"),
              12);
    EXPECT_GT(apart("Surat suara habis", "Tinta sudah habis"), 3);
}

TEST(SimHash, OneWordMoreInALongTextIsNear) {
    std::string text;
    for (int i = 0; i < 30; ++i)
        text += std::string(kText) + " kata" + static_cast<char>('a' + i % 26);
    EXPECT_LE(apart(text, text + " viralkan"), 3);
}

TEST(SimHash, DependsOnTheSeedAndIsZeroWithoutWords) {
    EXPECT_NE(simhash(kText, 1), simhash(kText, 2));
    EXPECT_EQ(simhash("", 1), 0u);
    EXPECT_EQ(simhash("?!  ...", 1), 0u);
}

}  // namespace
}  // namespace kentongan::report
