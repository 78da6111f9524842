#include "daemon/ledger/tiles.hpp"

#include <gtest/gtest.h>

namespace kentongan::ledger {
namespace {

TEST(TilePath, IsThatOfTlogTiles) {
    EXPECT_EQ((TileName{0, 1234067}).path(), "tile/0/x001/x234/067");
    EXPECT_EQ((TileName{0, 0, 1}).path(), "tile/0/000.p/1");
    EXPECT_EQ((TileName{std::nullopt, 1000, 255}).path(), "tile/entries/x001/000.p/255");
    EXPECT_EQ((TileName{63, 999}).path(), "tile/63/999");
}

TEST(TilePath, GoesThereAndBack) {
    for (const TileName& name :
         {TileName{0, 0}, TileName{5, 273, 112}, TileName{std::nullopt, 70'000'123, 9},
          TileName{7, UINT64_MAX}, TileName{0, 1'000'000'000}}) {
        const auto again = parse_tile_path(name.path());
        ASSERT_TRUE(again) << name.path();
        EXPECT_EQ(*again, name);
    }
}

TEST(TilePath, EverythingElseIsRefused) {
    for (const auto* wrong : {"",
                              "tile",
                              "tile/",
                              "tile/0",
                              "tile/00/000",
                              "tile/64/000",
                              "tile/0/00",
                              "tile/0/0000",
                              "tile/0/x000/001",
                              "tile/0/001/002",
                              "tile/0/000.p/0",
                              "tile/0/000.p/256",
                              "tile/0/000.p/01",
                              "tile/0/000.p/",
                              "tile/-1/000",
                              "tile/0/../000",
                              "/tile/0/000",
                              "tile/0/000 ",
                              "tile/0/x99/001",
                              "tile/0/x-01/001",
                              "tile/0/+01",
                              "tile/0/x018/x446/x744/x073/x709/x551/616"})
        EXPECT_FALSE(parse_tile_path(wrong)) << wrong;
}

TEST(Tile, WidthsAreThoseOfTheSpecificationsExample) {
    EXPECT_EQ(tile_width(0, 272, 70'000), 256u);
    EXPECT_EQ(tile_width(0, 273, 70'000), 112u);
    EXPECT_EQ(tile_width(0, 274, 70'000), 0u);
    EXPECT_EQ(tile_width(1, 0, 70'000), 256u);
    EXPECT_EQ(tile_width(1, 1, 70'000), 17u);
    EXPECT_EQ(tile_width(2, 0, 70'000), 1u);
    EXPECT_EQ(tile_width(3, 0, 70'000), 0u);
    EXPECT_EQ(tile_width(1, 0, 256), 1u);
}

TEST(Bundle, EntriesHaveTheirLengthsInFront) {
    std::string bundle;
    append_to_bundle(bundle, "ab");
    append_to_bundle(bundle, "");
    append_to_bundle(bundle, std::string(300, 'x'));
    EXPECT_EQ(bundle.substr(0, 8), std::string("\0\2ab\0\0\1\x2c", 8));
    const auto entries = parse_bundle(bundle, 3);
    ASSERT_TRUE(entries);
    EXPECT_EQ((*entries)[2].size(), 300u);
    EXPECT_FALSE(parse_bundle(bundle, 4));
    EXPECT_FALSE(parse_bundle(bundle, 2));
    EXPECT_FALSE(parse_bundle(bundle.substr(0, bundle.size() - 1), 3));
}

}  // namespace
}  // namespace kentongan::ledger
