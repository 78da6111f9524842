#pragma once
// Task: a coroutine on an Asio executor, and how one moves to another thread. Coroutines take
// values, or things their owner outlives. Cancellation unwinds a task by throwing
// operation_aborted from its next wait; TaskGroup knows that this is no failure.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <type_traits>
#include <utility>

namespace kentongan {

namespace asio = boost::asio;

template <class T = void>
using Task = asio::awaitable<T>;

/// Runs a plain function on another executor (a thread that may block) and resumes here with what
/// it returned. The function runs to its end even if the waiting task is cancelled.
template <class Executor, class Function>
[[nodiscard]] Task<std::invoke_result_t<Function>> run_on(Executor executor, Function function) {
    using Value = std::invoke_result_t<Function>;
    auto body = [](Function work) -> Task<Value> { co_return work(); };
    // Cut off from our cancellation: co_spawn would forward it to the other thread by a pointer
    // into this coroutine, which may have ended by then (Boost 1.81).
    co_return co_await asio::co_spawn(
        executor, body(std::move(function)),
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
}

[[nodiscard]] Task<> sleep_for(std::chrono::steady_clock::duration duration);

}  // namespace kentongan
