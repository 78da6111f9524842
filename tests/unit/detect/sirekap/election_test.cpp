#include "daemon/detect/sirekap/election.hpp"

#include <gtest/gtest.h>

namespace kentongan::sirekap {
namespace {

Election an_election(std::string_view name) { return Election::named(name).value(); }

TEST(Election, ClosesByTheClockOfTheProvince) {
    const Election pilkada = an_election("pilkada2024");
    EXPECT_EQ(to_rfc3339(pilkada.close_of("3171011006001"), 0), "2024-11-27T06:00:00Z");
    EXPECT_EQ(to_rfc3339(pilkada.close_of("51"), 0), "2024-11-27T05:00:00Z");
    EXPECT_EQ(to_rfc3339(pilkada.close_of("9171"), 0), "2024-11-27T04:00:00Z");
    EXPECT_EQ(to_rfc3339(pilkada.open_of("82"), 0), "2024-11-26T22:00:00Z");
    EXPECT_EQ(to_rfc3339(pilkada.target_of("31"), 0), "2024-11-28T06:00:00Z");
    EXPECT_EQ(to_rfc3339(an_election("pemilu2024").close_of("31"), 0), "2024-02-14T06:00:00Z");
}

TEST(Election, EachProvinceHasItsZone) {
    for (const auto* code : {"11", "19", "21", "31", "36", "61", "62", "99AA01"})
        EXPECT_EQ(zone_name_of(code), "WIB") << code;
    for (const auto* code : {"51", "53", "63", "65", "71", "76"})
        EXPECT_EQ(zone_name_of(code), "WITA") << code;
    for (const auto* code : {"81", "82", "91", "96"}) EXPECT_EQ(zone_name_of(code), "WIT") << code;
}

TEST(Election, PollingDayIsLocal) {
    const Election pilkada = an_election("pilkada2024");
    EXPECT_TRUE(pilkada.is_polling_day("91", *parse_rfc3339("2024-11-26T15:00:00Z")));
    EXPECT_FALSE(pilkada.is_polling_day("31", *parse_rfc3339("2024-11-26T15:00:00Z")));
    EXPECT_TRUE(pilkada.is_polling_day("31", *parse_rfc3339("2024-11-27T16:59:59Z")));
    EXPECT_FALSE(pilkada.is_polling_day("31", *parse_rfc3339("2024-11-27T17:00:00Z")));
}

TEST(Election, LimitsAreThoseOfTheLaw) {
    const Election pemilu = an_election("pemilu2024");
    const Election pilkada = an_election("pilkada2024");
    EXPECT_EQ(pemilu.maximum_ballots(), 306);
    EXPECT_EQ(pilkada.maximum_ballots(), 615);
    EXPECT_EQ(pemilu.ballots_for(251), 257);   // 5.02 more, rounded up
    EXPECT_EQ(pilkada.ballots_for(300), 308);  // 7.5 more
    EXPECT_EQ(pilkada.ballots_for(0), 0);
    EXPECT_EQ(pemilu.arithmetic_fault, Severity::info);
    EXPECT_EQ(pilkada.arithmetic_fault, Severity::medium);
}

TEST(Election, AreasHaveTheProfileOfTheirKind) {
    const Election pilkada = an_election("pilkada2024");
    EXPECT_EQ(pilkada.profile_of("3171011006001").name, "regular");
    EXPECT_EQ(pilkada.profile_of("3101").name, "islands");
    EXPECT_EQ(pilkada.profile_of("31").name, "regular");
    EXPECT_EQ(pilkada.profile_of("8171").name, "islands");
    EXPECT_EQ(pilkada.profile_of("9501").name, "noken");
    EXPECT_EQ(pilkada.profile_of("99AA010001").name, "overseas");
    EXPECT_FALSE(pilkada.profile_of("96").has_bounds);
}

TEST(Election, AnUnknownProfileIsAnErrorThatNamesTheKnownOnes) {
    const auto wrong = Election::named("pemilu2029");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::config);
    EXPECT_EQ(wrong.error().message,
              "no election profile 'pemilu2029'; there are pemilu2024 and pilkada2024");
}

}  // namespace
}  // namespace kentongan::sirekap
