#include "collectors/integrity/background.hpp"

#include <boost/asio/as_tuple.hpp>
#include <mutex>

namespace kentongan::integrity {

struct BackgroundWork::State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor lane, std::size_t workers, Body work)
        : running(workers), body(std::move(work)), executor(std::move(lane)) {}

    void run() {
        std::exception_ptr error;
        try {
            if (!stop) body(stop);
        } catch (...) {
            error = std::current_exception();
        }
        const std::scoped_lock lock(mutex);
        if (error && !failure) failure = error;
        if (--running > 0 || !waiter) return;
        // The waiting task holds its executor open until it takes the waiter away under the mutex.
        asio::post(executor, [timer = waiter] { timer->expires_at(kNow); });
    }

    static constexpr auto kNow = asio::steady_timer::time_point::min();

    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::size_t running;
    std::exception_ptr failure;
    std::shared_ptr<asio::steady_timer> waiter;
    Body body;
    asio::any_io_executor executor;
};

BackgroundWork::BackgroundWork(const asio::any_io_executor& scan, asio::any_io_executor lane,
                               std::size_t workers, Body body)
    : state_(std::make_shared<State>(std::move(lane), workers, std::move(body))) {
    for (std::size_t i = 0; i < workers; ++i) asio::post(scan, [state = state_] { state->run(); });
}

BackgroundWork::~BackgroundWork() {
    state_->stop = true;
    const std::scoped_lock lock(state_->mutex);
    state_->waiter.reset();
}

Task<bool> BackgroundWork::done_within(std::chrono::steady_clock::duration patience) {
    const auto timer = std::make_shared<asio::steady_timer>(state_->executor, patience);
    {
        const std::scoped_lock lock(state_->mutex);
        if (state_->running == 0) timer->expires_at(State::kNow);
        state_->waiter = timer;
    }
    co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    const std::scoped_lock lock(state_->mutex);
    state_->waiter.reset();
    if (state_->running > 0) co_return false;
    if (state_->failure) std::rethrow_exception(state_->failure);
    co_return true;
}

}  // namespace kentongan::integrity
