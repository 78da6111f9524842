#include <gtest/gtest.h>

#include "daemon/base/bytes.hpp"
#include "daemon/base/digest.hpp"
#include "daemon/base/id.hpp"
#include "daemon/base/ip.hpp"
#include "daemon/base/text.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {
namespace {

TEST(Rfc3339, ReadsZonesFractionsAndPlainTimes) {
    EXPECT_EQ(to_rfc3339(*parse_rfc3339("2024-11-27T16:31:05.1204+07:00"), 6),
              "2024-11-27T09:31:05.120400Z");
    EXPECT_EQ(to_rfc3339(*parse_rfc3339("2024-11-27 16:31:05", std::chrono::hours{7})),
              "2024-11-27T09:31:05.000Z");
    for (const auto* bad :
         {"", "2024", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-11-27T24:00:00Z",
          "2024-11-27T09:31:05.Z", "2024-11-27T09:31:05Zjunk", "9999-01-01T00:00:00Z"})
        EXPECT_FALSE(parse_rfc3339(bad)) << bad;
}

TEST(IpAddress, TreatsMappedIpv4AsIpv4) {
    EXPECT_EQ(IpAddress::parse("::ffff:10.0.0.1"), IpAddress::parse("10.0.0.1"));
    EXPECT_EQ(IpAddress::parse("2001:DB8::1")->to_string(), "2001:db8::1");
    EXPECT_FALSE(IpAddress::parse("10.0.0"));
    EXPECT_FALSE(IpAddress::parse("10.0.0.1:80"));
}

TEST(IpNetwork, ContainsItsAddressesAndRefusesHostBits) {
    const auto network = IpNetwork::parse("10.16.0.0/12");
    ASSERT_TRUE(network);
    EXPECT_TRUE(network->contains(*IpAddress::parse("10.31.255.255")));
    EXPECT_FALSE(network->contains(*IpAddress::parse("10.32.0.0")));
    EXPECT_FALSE(IpNetwork::parse("10.0.0.1/8"));
    EXPECT_FALSE(IpNetwork::parse("10.0.0.0/33"));
    EXPECT_TRUE(IpNetwork::parse("2001:db8::/32")->contains(*IpAddress::parse("2001:db8:1::")));
}

TEST(ByteReader, AnswersZeroPastTheEnd) {
    const std::uint8_t bytes[] = {1, 2, 3};
    ByteReader reader{bytes};
    EXPECT_EQ(reader.u16(), 0x0102);
    EXPECT_EQ(reader.u32(), 0u);
    EXPECT_FALSE(reader.ok());
}

TEST(Digest, KnownAnswers) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_base64(as_bytes("foob")), "Zm9vYg==");
    EXPECT_EQ(from_base64("Zm9vYg=="), "foob");
}

TEST(ContentId, DependsOnContentAndSortsByTime) {
    const auto early = *parse_rfc3339("2024-11-27T06:00:00Z");
    EXPECT_EQ(content_id(early, "a"), content_id(early, "a"));
    EXPECT_NE(content_id(early, "a"), content_id(early, "b"));
    EXPECT_LT(content_id(early, "z"), content_id(early + std::chrono::seconds{1}, "a"));
    EXPECT_EQ(content_id(early, "a").size(), 26u);
    EXPECT_EQ(content_id(early, "a").substr(0, 3), "01J");
}

TEST(PrintableUtf8, EscapesWhatIsNotAndCutsAtCharacters) {
    EXPECT_EQ(printable_utf8("Ma\xe2\x80\x99ruf \xc0\xaf"), "Ma\xe2\x80\x99ruf \\xc0\\xaf");
    EXPECT_EQ(printable_utf8("abcdef", 3), "abc…");
    EXPECT_EQ(printable_utf8("abc", 3), "abc");
}

TEST(NearestWord, SuggestsOnlyWhatIsNear) {
    const std::vector<std::string_view> words{"interface", "filter"};
    EXPECT_EQ(nearest_word("interfce", words), "interface");
    EXPECT_EQ(nearest_word("colour", words), "");
}

}  // namespace
}  // namespace kentongan
