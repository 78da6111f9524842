#include "collectors/zeek/peer_watch.hpp"

#include <gtest/gtest.h>

#include "collectors/zeek/live_time.hpp"
#include "tests/support/test_clock.hpp"

namespace kentongan::zeek {
namespace {

using std::chrono::seconds;

TEST(PeerWatch, AnAbsenceIsReportedOnceAfterTheGracePeriod) {
    ManualClock clock;
    PeerWatch watch{seconds{30}};
    watch.came("a");
    watch.left("a", clock.now());
    clock.advance(seconds{29});
    EXPECT_TRUE(watch.overdue(clock.now()).empty());
    clock.advance(seconds{1});
    EXPECT_EQ(watch.overdue(clock.now()), std::vector<std::string>{"a"});
    clock.advance(seconds{100});
    EXPECT_TRUE(watch.overdue(clock.now()).empty());
    watch.came("a");
    watch.left("a", clock.now());
    clock.advance(seconds{30});
    EXPECT_EQ(watch.overdue(clock.now()), std::vector<std::string>{"a"});
}

TEST(PeerWatch, OneThatIsBackInTimeIsNotReported) {
    ManualClock clock;
    PeerWatch watch{seconds{30}};
    watch.came("a");
    watch.left("a", clock.now());
    clock.advance(seconds{20});
    watch.came("a");
    EXPECT_EQ(watch.present(), 1u);
    clock.advance(seconds{60});
    EXPECT_TRUE(watch.overdue(clock.now()).empty());
}

TEST(PeerWatch, APeerIsHereWhileAnyOfItsConnectionsIs) {
    ManualClock clock;
    PeerWatch watch{seconds{30}};
    watch.came("a");
    watch.came("a");
    watch.left("a", clock.now());
    clock.advance(seconds{60});
    EXPECT_TRUE(watch.overdue(clock.now()).empty());
    EXPECT_EQ(watch.present(), 1u);
}

TEST(PeerWatch, WatchesAtMostSixtyFourPeers) {
    PeerWatch watch{seconds{30}};
    for (int i = 0; i < 100; ++i) watch.came(std::to_string(i));
    EXPECT_EQ(watch.present(), 64u);
}

TEST(LiveTime, NoEventIsOlderThanWhatWasPromised) {
    ManualClock clock;
    LiveTime times{seconds{2}};
    const auto old = clock.now() - seconds{60};
    EXPECT_EQ(times.admitted(old, clock.now()), old);
    const auto promised = times.promise(clock.now());
    EXPECT_EQ(promised, clock.now() - seconds{2});
    EXPECT_EQ(times.admitted(old, clock.now()), promised);
    EXPECT_EQ(times.admitted(clock.now() - seconds{1}, clock.now()), clock.now() - seconds{1});
}

TEST(LiveTime, NoEventIsFromTheFutureAndOneWithoutDateIsFromNow) {
    ManualClock clock;
    LiveTime times{seconds{2}};
    EXPECT_EQ(times.admitted(clock.now() + std::chrono::hours{9}, clock.now()), clock.now());
    EXPECT_EQ(times.admitted(Timestamp{}, clock.now()), clock.now());
}

TEST(LiveTime, APromiseIsKeptWhenTheClockGoesBack) {
    ManualClock clock;
    LiveTime times{seconds{2}};
    const auto promised = times.promise(clock.now());
    clock.advance(-std::chrono::hours{1});
    EXPECT_EQ(times.promise(clock.now()), promised);
    EXPECT_EQ(times.admitted(clock.now(), clock.now()), promised);
}

}  // namespace
}  // namespace kentongan::zeek
