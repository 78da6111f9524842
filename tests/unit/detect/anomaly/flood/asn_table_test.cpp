#include "daemon/detect/anomaly/flood/asn_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kentongan::anomaly {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

TEST(AsnTable, RangesOfIptoasnAndNetworksAreRead) {
    const auto table = AsnTable::parse(
        "# a comment\n"
        "1.0.0.0\t1.0.0.255\t13335\tUS\tCLOUDFLARENET\n"
        "1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\r\n"
        "36.64.0.0/11,AS7713\n"
        "2001:db8::/32,64500",
        "asn.tsv");
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_EQ(table->size(), 3u);
    EXPECT_EQ(table->of(ip("1.0.0.0")), 13335u);
    EXPECT_EQ(table->of(ip("1.0.0.255")), 13335u);
    EXPECT_EQ(table->of(ip("1.0.1.0")), 0u);
    EXPECT_EQ(table->of(ip("36.80.1.1")), 7713u);
    EXPECT_EQ(table->of(ip("36.96.0.0")), 0u);
    EXPECT_EQ(table->of(ip("2001:db8::7")), 64500u);
    EXPECT_EQ(table->of(ip("0.0.0.1")), 0u);
}

TEST(AsnTable, OfNestedRangesTheNarrowerCounts) {
    const auto table = AsnTable::parse("10.0.0.0/8,1\n10.1.0.0/16,2\n10.1.2.0/24,3\n", "asn.csv");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->of(ip("10.1.2.3")), 3u);
    EXPECT_EQ(table->of(ip("10.1.3.3")), 2u);
    EXPECT_EQ(table->of(ip("10.9.9.9")), 1u);
}

TEST(AsnTable, ALineThatMakesNoSenseIsNamed) {
    for (const char* bad : {"10.0.0.9\t10.0.0.1\t5", "10.0.0.1/8,5", "10.0.0.0/8,x", "nonsense",
                            "10.0.0.0/8,99999999999"}) {
        const auto table = AsnTable::parse(std::string("10.0.0.0/8,1\n") + bad, "asn.csv");
        ASSERT_FALSE(table) << bad;
        EXPECT_THAT(table.error().message, testing::StartsWith("asn.csv:2: "));
    }
}

}  // namespace
}  // namespace kentongan::anomaly
