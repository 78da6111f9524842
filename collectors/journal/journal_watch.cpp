// Waits until a journal's descriptor is readable, or for the poll timer.
#include "collectors/journal/journal_watch.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/system/system_error.hpp>

namespace kentongan::journal {

JournalWatch::JournalWatch(const asio::any_io_executor& executor, std::chrono::milliseconds poll)
    : poll_(poll), timer_(executor), descriptor_(executor) {}

void JournalWatch::watch(int descriptor) {
    boost::system::error_code ignored;
    if (descriptor_.is_open()) descriptor_.close(ignored);
    const int own = descriptor < 0 ? -1 : ::dup(descriptor);
    if (own < 0) return;
    descriptor_.assign(own, ignored);
    if (ignored) ::close(own);
}

Task<> JournalWatch::wait() {
    namespace ax = asio::experimental;
    timer_.expires_after(poll_);
    if (descriptor_.is_open()) {
        auto either = ax::make_parallel_group(
            descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, asio::deferred),
            timer_.async_wait(asio::deferred));
        co_await either.async_wait(ax::wait_for_one(), asio::use_awaitable);
    } else {
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace kentongan::journal
