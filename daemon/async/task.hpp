#pragma once
// Task: a coroutine on an Asio executor, and how one moves to another thread. Coroutines take
// values, or things their owner outlives. Cancellation unwinds a task by throwing
// operation_aborted from its next wait; TaskGroup knows that this is no failure.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
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

/// Runs a task on another executor's thread and resumes here with its result. A cancellation of
/// the waiting task does not reach over: Asio's own way of passing it on touches a signal that the
/// other thread may just be done with. It is noticed here once the other task has ended.
template <class Executor, class T>
[[nodiscard]] Task<T> run_task_on(Executor executor, Task<T> task) {
    auto token = asio::bind_cancellation_slot(asio::cancellation_slot{}, asio::use_awaitable);
    co_return co_await asio::co_spawn(executor, std::move(task), std::move(token));
}

/// The same for a plain function, on a thread that may block.
template <class Executor, class Function>
[[nodiscard]] Task<std::invoke_result_t<Function>> run_on(Executor executor, Function function) {
    using Value = std::invoke_result_t<Function>;
    auto body = [](Function work) -> Task<Value> { co_return work(); };
    co_return co_await run_task_on(executor, body(std::move(function)));
}

[[nodiscard]] Task<> sleep_for(std::chrono::steady_clock::duration duration);

}  // namespace kentongan
