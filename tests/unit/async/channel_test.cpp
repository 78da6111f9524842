#include "daemon/async/channel.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"
#include "tests/support/task_runner.hpp"

namespace kentongan {
namespace {

TEST(Channel, OfferRefusesWhenFull) {
    Channel<int> channel{2};
    EXPECT_TRUE(channel.offer(1));
    EXPECT_TRUE(channel.offer(2));
    EXPECT_FALSE(channel.offer(3));
    EXPECT_EQ(channel.size(), 2u);
}

TEST(Channel, FinishKeepsWhatIsQueued) {
    Channel<int> channel{4};
    ASSERT_TRUE(channel.offer(7));
    channel.finish();
    EXPECT_FALSE(channel.offer(8));
    const auto body = [](Channel<int>& c) -> Task<std::vector<int>> {
        std::vector<int> seen;
        while (auto item = co_await c.receive()) seen.push_back(*item);
        co_return seen;
    };
    EXPECT_EQ(run_task(body(channel)), std::vector<int>{7});
}

TEST(Channel, CarriesEveryItemInOrderBetweenThreads) {
    Channel<int> channel{3};
    LoopThread producer{"producer"};
    constexpr int kItems = 20'000;
    const auto send = [](Channel<int>& c) -> Task<> {
        for (int i = 0; i < kItems; ++i)
            if (!co_await c.send(i)) co_return;
        c.finish();
    };
    TaskGroup group{producer.executor()};
    asio::post(producer.executor(), [&] { group.spawn("send", send(channel)); });
    const auto body = [](Channel<int>& c) -> Task<int> {
        int expected = 0;
        for (;;) {
            const auto batch = co_await c.receive_all();
            if (batch.empty()) co_return expected;
            for (const int item : batch)
                if (item != expected++) co_return -1;
        }
    };
    EXPECT_EQ(run_task(body(channel)), kItems);
    producer.finish();
}

TEST(Channel, ACancelledReceiverLeavesItsPlaceToTheNext) {
    asio::io_context context{1};
    Channel<int> channel{1};
    TaskGroup cancelled{context.get_executor()};
    TaskGroup waiting{context.get_executor()};
    int received = 0;
    const auto receive = [](Channel<int>& c, int& out) -> Task<> {
        if (auto item = co_await c.receive()) out += *item;
    };
    cancelled.spawn("first", receive(channel, received));
    waiting.spawn("second", receive(channel, received));
    context.poll();
    cancelled.cancel();
    context.poll();
    EXPECT_EQ(cancelled.running(), 0u);
    EXPECT_TRUE(channel.offer(5));
    context.poll();
    EXPECT_EQ(received, 5);
}

TEST(TaskGroup, KeepsTheFirstRealErrorAndStopsTheOthers) {
    asio::io_context context{1};
    TaskGroup group{context.get_executor()};
    group.spawn("sleeper", sleep_for(std::chrono::hours{1}));
    const auto failing = []() -> Task<Result<>> { co_return fail(ErrorCode::io, "disk is full"); };
    group.spawn("writer", failing());
    const auto join = [](TaskGroup& g) -> Task<Result<>> { co_return co_await g.join(); };
    const auto result = run_task(join(group), context);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().message, "writer: disk is full");
    EXPECT_EQ(group.running(), 0u);
}

TEST(RunOn, ReturnsToTheCallersThread) {
    LoopThread worker{"worker"};
    const auto body = [](LoopThread& w) -> Task<bool> {
        const auto here = std::this_thread::get_id();
        auto work = [] { return std::this_thread::get_id(); };
        const auto there = co_await run_on(w.executor(), work);
        co_return there != here&& std::this_thread::get_id() == here;
    };
    EXPECT_TRUE(run_task(body(worker)));
}

}  // namespace
}  // namespace kentongan
