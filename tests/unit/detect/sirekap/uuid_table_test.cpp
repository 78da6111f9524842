#include "daemon/detect/sirekap/uuid_table.hpp"

#include <gtest/gtest.h>

#include "daemon/drill/generate/random.hpp"

namespace kentongan::sirekap {
namespace {

TEST(UuidTable, TellsAKeyThatComesWithAnotherValue) {
    UuidTable table{10};
    EXPECT_EQ(table.is_as_at_first(0x123456789ABCDEF0, 7), true);
    EXPECT_EQ(table.is_as_at_first(0x123456789ABCDEF0, 7), true);
    EXPECT_EQ(table.is_as_at_first(0x123456789ABCDEF0, 8), false);
    EXPECT_EQ(table.size(), 1u);
}

TEST(UuidTable, TakesAZeroForWhatItIs) {
    UuidTable table{10};
    EXPECT_EQ(table.is_as_at_first(0, 0), true);
    EXPECT_EQ(table.is_as_at_first(0, 0), true);
    EXPECT_EQ(table.is_as_at_first(0, 1), false);
}

TEST(UuidTable, KeepsApartKeysThatHaveTheSamePlace) {
    UuidTable table{10};
    for (std::uint64_t i = 0; i < 500; ++i) EXPECT_EQ(table.is_as_at_first(i << 30, 1), true);
    EXPECT_EQ(table.size(), 500u);
    EXPECT_EQ(table.is_as_at_first(std::uint64_t{499} << 30, 2), false);
}

TEST(UuidTable, FindsEachOfAMillionKeysAgainInATableMadeForTen) {
    UuidTable table{10};
    generate::Random first{5};
    std::size_t wrong = 0;
    for (std::uint32_t i = 0; i < 1'000'000; ++i)
        wrong += table.is_as_at_first(first.next(), i) != true;
    generate::Random again{5};
    for (std::uint32_t i = 0; i < 1'000'000; ++i)
        wrong += table.is_as_at_first(again.next(), i + 1) != false;
    EXPECT_EQ(wrong, 0u);
    EXPECT_EQ(table.size(), 1'000'000u);
}

TEST(UuidTable, SaysNothingOfNewKeysOnceItIsFull) {
    UuidTable table{UuidTable::kMost};
    generate::Random random{6};
    const std::uint64_t known = random.next();
    (void)table.is_as_at_first(known, 1);
    while (table.size() < UuidTable::kMost) (void)table.is_as_at_first(random.next(), 1);
    EXPECT_EQ(table.is_as_at_first(random.next(), 1), std::nullopt);
    EXPECT_EQ(table.is_as_at_first(known, 2), false);
}

}  // namespace
}  // namespace kentongan::sirekap
