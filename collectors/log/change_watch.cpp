// Waits for a change of a file or its folder (inotify), or for the poll timer.
#include "collectors/log/change_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/system/system_error.hpp>

namespace kentongan::log {

ChangeWatch::ChangeWatch(const asio::any_io_executor& executor, std::filesystem::path path,
                         std::chrono::milliseconds poll)
    : path_(std::move(path)),
      poll_(poll),
      timer_(executor, asio::steady_timer::clock_type::now() + poll),
      notices_(executor) {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd >= 0) notices_.assign(fd);
    watch_folder();
}

void ChangeWatch::watch_folder() {
    if (!notices_.is_open()) return;
    const auto folder = path_.has_parent_path() ? path_.parent_path() : ".";
    folder_watch_ = ::inotify_add_watch(
        notices_.native_handle(), folder.c_str(),
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR);
}

void ChangeWatch::watch_file() {
    if (!notices_.is_open()) return;
    const int before = file_watch_;
    file_watch_ =
        ::inotify_add_watch(notices_.native_handle(), path_.c_str(), IN_MODIFY | IN_ATTRIB);
    if (before >= 0 && before != file_watch_) ::inotify_rm_watch(notices_.native_handle(), before);
}

/// Which change it was does not matter: one look at the files tells everything.
void ChangeWatch::drain() {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    while (notices_.is_open()) {
        const auto count = ::read(notices_.native_handle(), buffer.data(), buffer.size());
        if (count <= 0) return;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(count);) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            const bool gone = (event->mask & IN_IGNORED) != 0;
            if (gone && event->wd == folder_watch_) folder_watch_ = -1;
            if (gone && event->wd == file_watch_) file_watch_ = -1;
            at += sizeof(inotify_event) + event->len;
        }
    }
}

Task<ChangeWatch::Wake> ChangeWatch::wait() {
    namespace ax = asio::experimental;
    if (folder_watch_ < 0) watch_folder();
    bool changed = false;
    if (notices_.is_open()) {
        auto either = ax::make_parallel_group(
            notices_.async_wait(asio::posix::stream_descriptor::wait_read, asio::deferred),
            timer_.async_wait(asio::deferred));
        const auto [order, read_error, timer_error] =
            co_await either.async_wait(ax::wait_for_one(), asio::use_awaitable);
        changed = order[0] == 0 && !read_error;
        if (changed) drain();
    } else {
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    // Ticks keep their pace however many changes come between.
    const auto now = asio::steady_timer::clock_type::now();
    const bool tick = now >= timer_.expiry();
    if (tick) timer_.expires_at(now + poll_);
    co_return Wake{tick, changed};
}

}  // namespace kentongan::log
