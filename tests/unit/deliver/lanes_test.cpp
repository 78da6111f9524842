// What overtakes what, what a destination that fails for days does to others, and signs of life.
#include <gmock/gmock.h>

#include "daemon/deliver/dead_man.hpp"
#include "tests/unit/deliver/delivery_fixture.hpp"

namespace kentongan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Kind = ReceiverAnswer::Kind;

TEST_F(DeliveryTest, ACriticalAlertOvertakesABacklogAndOrderStaysWithinALane) {
    WebhookReceiver kpu = receiver();
    kpu.down();
    commit(1, 300, {"kpu"});
    commit(301, 302, {"kpu"}, Urgency::critical);
    kpu.up();
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    run_until([&] { return status("kpu").delivered == 302; });
    auto expected = bodies(301, 302);
    for (const auto& body : bodies(1, 300)) expected.push_back(body);
    EXPECT_EQ(kpu.accepted_bodies(), expected);
}

TEST_F(DeliveryTest, ACriticalAlertIsTriedAtOnceWhileTheBacklogWaits) {
    WebhookReceiver kpu = receiver();
    kpu.usually({.status = 503});
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 5, {"kpu"});
    run_until([&] { return pauses_.size() >= 8; });  // a minute between attempts by now
    const auto before = clock_.now();
    const auto seen = kpu.received().size();
    kpu.usually({.status = 200});
    commit(6, 6, {"kpu"}, Urgency::critical);
    run_until([&] { return kpu.received().size() > seen; });
    EXPECT_EQ(kpu.received().back().body, body(6));
    EXPECT_LE(clock_.now() - before, std::chrono::seconds{73}) << "at most the pause under way";
}

TEST_F(DeliveryTest, AMessageThatIsRefusedHoldsUpItsLaneOnly) {
    WebhookReceiver kpu = receiver();
    kpu.choose([](const ReceivedMessage& message) -> std::optional<ReceiverAnswer> {
        if (message.body != body(1)) return std::nullopt;
        return ReceiverAnswer{.status = 422, .body = "no"};
    });
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 1, {"kpu"}, Urgency::critical);
    commit(2, 9, {"kpu"});
    run_until([&] { return status("kpu").delivered == 8; });
    EXPECT_EQ(kpu.accepted_bodies(), bodies(2, 9));
    EXPECT_EQ(status("kpu").dead + status("kpu").pending, 1u);
}

TEST_F(DeliveryTest, TheScheduleOfACriticalIsThatOfTheConventions) {
    WebhookReceiver kpu = receiver();
    kpu.usually({.status = 500});
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 1, {"kpu"}, Urgency::critical);
    run_until([&] { return pauses_.size() == 8; });
    const int expected[]{1, 2, 5, 10, 30, 60, 60, 60};
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_GE(pauses_[i], std::chrono::milliseconds{expected[i] * 800}) << i;
        EXPECT_LE(pauses_[i], std::chrono::milliseconds{expected[i] * 1200}) << i;
    }
}

TEST_F(DeliveryTest, OneThatIsDownForThreeDaysLosesNothingAndPeopleAreToldOfTheRest) {
    WebhookReceiver bssn = receiver();
    WebhookReceiver kpu = receiver();
    bssn.usually({.status = 500});
    WebhookChannel& to_bssn = channel(bssn.url());
    WebhookChannel& to_kpu = channel(kpu.url());
    work("bssn", to_bssn);
    work("kpu", to_kpu);
    commit(1, 20, {"bssn", "kpu"});
    run_until([&] { return status("kpu").delivered == 20; });
    const Timestamp start = clock_.now();
    run_until([&] { return clock_.now() - start > std::chrono::hours{71}; });
    EXPECT_EQ(status("bssn").pending, 20u);
    EXPECT_TRUE(pages_.empty());
    run_until([&] { return status("bssn").dead == 20; });
    ASSERT_EQ(pages_.size(), 20u);
    EXPECT_THAT(pages_[0], HasSubstr("bssn put aside: HTTP 500"));
    bssn.usually({.status = 200});
    ASSERT_EQ(store_.revive("bssn"), 20u);
    workers_.front()->notify();
    run_until([&] { return status("bssn").delivered == 20; });
    EXPECT_EQ(bssn.accepted_bodies(), bodies(1, 20));
    EXPECT_EQ(kpu.received().size(), 20u);
}

TEST_F(DeliveryTest, AnEndpointThatWasTakenDownPagesAndIsNotGivenUp) {
    WebhookReceiver kpu = receiver();
    kpu.script({{.status = 410}});
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 1, {"kpu"});
    run_until([&] { return status("kpu").delivered == 1; });
    EXPECT_THAT(pages_, ElementsAre(HasSubstr("the endpoint was taken down")));
}

TEST_F(DeliveryTest, ARangeIsSentAgainWithTheSameIds) {
    WebhookReceiver kpu = receiver();
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    commit(1, 2, {"kpu"});
    clock_.advance(std::chrono::minutes{10});
    commit(3, 4, {"kpu"});
    run_until([&] { return status("kpu").delivered == 4; });
    const auto since = clock_.now() - std::chrono::minutes{1};
    ASSERT_EQ(store_.replay("kpu", since, since + std::chrono::minutes{2}), 2u);
    workers_.front()->notify();
    run_until([&] { return kpu.received().size() == 6 && status("kpu").delivered == 4; });
    EXPECT_EQ(kpu.received()[4].id, kpu.received()[2].id);
    EXPECT_EQ(kpu.received()[5].body, body(4));
}

TEST_F(DeliveryTest, ASignOfLifeGoesBeforeABacklogAndIsReplacedByTheNext) {
    WebhookReceiver kpu = receiver();
    commit(1, 3, {"kpu"});
    AlertBatch beats;
    beats.messages = {{"kpu", "heartbeat", "one", Urgency::heartbeat}};
    ASSERT_TRUE(store_.commit(beats));
    beats.messages[0].body = "two";
    ASSERT_TRUE(store_.commit(beats));
    WebhookChannel& to_kpu = channel(kpu.url());
    work("kpu", to_kpu);
    run_until([&] { return status("kpu").delivered == 3; });
    ASSERT_EQ(kpu.received().size(), 4u);
    EXPECT_EQ(kpu.received()[0].body, "two");
    EXPECT_EQ(metrics_.delivery_heartbeat.with({"kpu"}).value(),
              to_seconds(clock_.now().time_since_epoch()));
    EXPECT_EQ(metrics_.delivery_attempts.with({"kpu", "ok"}).value(), 3);
}

TEST(DeadMan, TellsOnceThatSignsStoppedAndOnceThatTheyAreBack) {
    const Timestamp start = *parse_rfc3339("2029-02-14T11:00:00Z");
    const auto at = [&](int seconds) { return start + std::chrono::seconds{seconds}; };
    DeadMan man{start, std::chrono::seconds{180}};
    EXPECT_FALSE(man.advance(at(180)));
    ASSERT_TRUE(man.advance(at(181)));
    EXPECT_FALSE(man.advance(at(182)));
    EXPECT_TRUE(man.silent());
    const auto back = man.heard(at(200), at(201));
    ASSERT_TRUE(back);
    EXPECT_TRUE(back->alive);
    EXPECT_FALSE(man.heard(at(200), at(300))) << "a repetition is no sign of life";
    ASSERT_TRUE(man.advance(at(382)));
    EXPECT_FALSE(man.advance(at(382 + 1799)));
    EXPECT_TRUE(man.advance(at(382 + 1800))) << "silence is told again";
}

}  // namespace
}  // namespace kentongan
