#include "daemon/async/task.hpp"

namespace kentongan {

Task<> sleep_for(std::chrono::steady_clock::duration duration) {
    asio::steady_timer timer{co_await asio::this_coro::executor, duration};
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace kentongan
