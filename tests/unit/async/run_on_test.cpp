#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <future>

#include "daemon/async/loop_thread.hpp"
#include "daemon/async/task_group.hpp"

namespace kentongan {
namespace {

/// Work for a thread that lasts until it is let go.
class Hold {
  public:
    [[nodiscard]] auto work() {
        return [this] {
            begun_ = true;
            go_.get_future().wait();
            return 7;
        };
    }
    [[nodiscard]] Task<> begun() const {
        while (!begun_) co_await asio::post(asio::use_awaitable);
    }
    void end() { go_.set_value(); }

  private:
    std::atomic<bool> begun_ = false;
    std::promise<void> go_;
};

TEST(LoopThread, ThatStartsLaterKeepsWhatIsQueuedTillThenInOrder) {
    std::string done;
    LoopThread thread{"later", LoopThread::Starts::later};
    for (const char c : {'a', 'b', 'c'}) asio::post(thread.executor(), [&done, c] { done += c; });
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_EQ(done, "");
    thread.start();
    thread.finish();
    EXPECT_EQ(done, "abc");
}

TEST(LoopThread, ThatNeverStartsDropsWhatWasQueued) {
    bool ran = false;
    {
        LoopThread thread{"never", LoopThread::Starts::later};
        asio::post(thread.executor(), [&ran] { ran = true; });
    }
    EXPECT_FALSE(ran);
}

TEST(RunOn, AnswersWithWhatTheFunctionReturned) {
    boost::asio::io_context loop{1};
    LoopThread other{"other"};
    int answer = 0;
    auto body = [&]() -> Task<> {
        auto work = [] { return 7; };
        answer = co_await run_on(other.executor(), work);
    };
    TaskGroup group{loop.get_executor()};
    group.spawn("asking", body());
    loop.run();
    EXPECT_EQ(answer, 7);
}

Task<> wait_for(asio::any_io_executor other, Hold& function) {
    auto work = function.work();
    (void)co_await run_on(other, work);
}

// What the other thread still has to do with the cancellation, it does when the one who waited is
// gone; the holds make sure of that order.
TEST(RunOn, CancellationMayComeToTheOtherThreadAfterTheOneWhoWaitedHasEnded) {
    boost::asio::io_context loop{1};
    LoopThread other{"other"};
    Hold function;
    Hold before_the_answer;
    Hold before_the_cancellation;
    bool ended = false;
    auto story = [&]() -> Task<> {
        TaskGroup group{co_await asio::this_coro::executor};
        group.spawn("waiting", wait_for(other.executor(), function));
        co_await function.begun();
        asio::post(other.executor(), before_the_answer.work());
        function.end();
        co_await before_the_answer.begun();
        asio::post(other.executor(), before_the_cancellation.work());
        group.cancel();
        for (int i = 0; i < 8; ++i) co_await asio::post(asio::use_awaitable);
        before_the_answer.end();
        (void)co_await group.join();
        ended = true;
    };
    asio::co_spawn(loop, story(), asio::detached);
    loop.run();
    EXPECT_TRUE(ended);
    before_the_cancellation.end();
    other.finish();
}

}  // namespace
}  // namespace kentongan
