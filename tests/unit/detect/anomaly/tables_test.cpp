#include <gtest/gtest.h>

#include <array>

#include "daemon/detect/anomaly/lru_table.hpp"
#include "daemon/detect/anomaly/recent_set.hpp"

namespace kentongan::anomaly {
namespace {

using std::chrono::seconds;
const Timestamp kStart = *parse_rfc3339("2024-11-27T11:00:00Z");

// Aumasson and Bernstein, "SipHash: a fast short-input PRF", appendix A.
TEST(SipHash, AnswersAsTheAuthorsTestVector) {
    std::array<std::uint8_t, 15> message{};
    for (std::uint8_t i = 0; i < 15; ++i) message[i] = i;
    EXPECT_EQ(siphash({0x0706050403020100u, 0x0f0e0d0c0b0a0908u}, message), 0xa129ca6149be45e5u);
}

TEST(SipHash, AnotherSeedGivesOtherHashes) {
    const IpAddress address = *IpAddress::parse("192.0.2.1");
    EXPECT_NE(KeyedHash{1}(address), KeyedHash{2}(address));
}

using Table = LruTable<Endpoint, int>;
Endpoint port(std::uint16_t number) { return {IpAddress{}, number}; }

TEST(LruTable, TheLeastRecentlyUsedEntryMakesRoom) {
    Table table{2, seconds{60}, 0};
    table.touch(port(1), kStart);
    table.touch(port(2), kStart);
    table.touch(port(1), kStart + seconds{1});
    table.touch(port(3), kStart + seconds{2});
    EXPECT_NE(table.find(port(1)), nullptr);
    EXPECT_EQ(table.find(port(2)), nullptr);
    EXPECT_EQ(table.evicted(), 1u);
}

TEST(LruTable, AnIdleEntryThatMakesRoomIsNotCounted) {
    Table table{1, seconds{60}, 0};
    table.touch(port(1), kStart);
    table.touch(port(2), kStart + seconds{60});
    EXPECT_EQ(table.evicted(), 0u);
}

TEST(LruTable, IdleEntriesExpire) {
    Table table{10, seconds{60}, 0};
    table.touch(port(1), kStart).value = 7;
    table.touch(port(2), kStart + seconds{30});
    table.expire(kStart + seconds{60});
    EXPECT_EQ(table.size(), 1u);
    EXPECT_TRUE(table.touch(port(1), kStart + seconds{60}).created);
    EXPECT_EQ(*table.find(port(1)), 0);
}

TEST(RecentSet, CountsDistinctKeysInTheWindow) {
    RecentSet set;
    EXPECT_TRUE(set.add(1, kStart, true, 3));
    EXPECT_FALSE(set.add(1, kStart + seconds{50}, false, 3));
    EXPECT_TRUE(set.add(2, kStart + seconds{20}, true, 3));
    EXPECT_EQ(set.count(kStart), 2u);
    EXPECT_EQ(set.marked(kStart), 1u);
    EXPECT_EQ(set.count(kStart + seconds{20}), 1u);
}

TEST(RecentSet, TheKeySeenLongestAgoMakesRoom) {
    RecentSet set;
    set.add(1, kStart + seconds{5}, false, 2);
    set.add(2, kStart + seconds{1}, false, 2);
    set.add(3, kStart + seconds{9}, false, 2);
    EXPECT_TRUE(set.add(2, kStart + seconds{10}, false, 2));
    EXPECT_EQ(set.count(kStart), 2u);
}

}  // namespace
}  // namespace kentongan::anomaly
