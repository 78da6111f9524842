// Waits for a change of files or of their folders (inotify), or for the poll timer.
#include "collectors/log/change_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/system/system_error.hpp>

namespace kentongan::log {

namespace {

constexpr std::uint32_t kOfFolder =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kOfFile = IN_MODIFY | IN_ATTRIB;

}  // namespace

ChangeWatch::ChangeWatch(const asio::any_io_executor& executor, std::chrono::milliseconds poll)
    : poll_(poll),
      timer_(executor, asio::steady_timer::clock_type::now() + poll),
      notices_(executor) {
    const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd >= 0) notices_.assign(fd);
}

void ChangeWatch::watch_folders(const std::vector<std::string>& folders) {
    std::erase_if(folders_, [&](const auto& folder) {
        if (std::ranges::find(folders, folder.first) != folders.end()) return false;
        unwatch(folder.second);
        return true;
    });
    for (const auto& folder : folders) folders_.try_emplace(folder, -1);
    watch_missing_folders();
}

void ChangeWatch::watch_missing_folders() {
    if (!notices_.is_open()) return;
    for (auto& [folder, watch] : folders_)
        if (watch < 0)
            watch = ::inotify_add_watch(notices_.native_handle(), folder.c_str(), kOfFolder);
}

void ChangeWatch::watch_file(const std::string& path) {
    if (!notices_.is_open()) return;
    const int now = ::inotify_add_watch(notices_.native_handle(), path.c_str(), kOfFile);
    const auto [file, added] = files_.try_emplace(path, now);
    if (added) return;
    if (file->second != now) unwatch(file->second);
    file->second = now;
}

void ChangeWatch::forget_file(const std::string& path) {
    const auto file = files_.find(path);
    if (file == files_.end()) return;
    unwatch(file->second);
    files_.erase(file);
}

void ChangeWatch::unwatch(int watch) {
    if (watch >= 0 && notices_.is_open()) ::inotify_rm_watch(notices_.native_handle(), watch);
}

/// Which change it was does not matter: one look at the files tells everything.
void ChangeWatch::drain(Wake& wake) {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    const auto forget = [](Watches& watches, int gone) {
        for (auto& [path, watch] : watches)
            if (watch == gone) watch = -1;
    };
    const auto is_folder = [&](int id) {
        return std::ranges::any_of(folders_, [id](const auto& f) { return f.second == id; });
    };
    while (notices_.is_open()) {
        const auto count = ::read(notices_.native_handle(), buffer.data(), buffer.size());
        if (count <= 0) break;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(count);) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            wake.changed = true;
            wake.folders = wake.folders || is_folder(event->wd) || event->wd < 0;
            if ((event->mask & IN_IGNORED) != 0) {
                forget(folders_, event->wd);
                forget(files_, event->wd);
            }
            at += sizeof(inotify_event) + event->len;
        }
    }
}

/// Ticks keep their pace however many changes come between.
bool ChangeWatch::take_tick() {
    const auto now = asio::steady_timer::clock_type::now();
    if (now < timer_.expiry()) return false;
    timer_.expires_at(now + poll_);
    return true;
}

ChangeWatch::Wake ChangeWatch::glance() {
    Wake out;
    drain(out);
    out.tick = take_tick();
    return out;
}

Task<ChangeWatch::Wake> ChangeWatch::wait() {
    namespace ax = asio::experimental;
    watch_missing_folders();
    Wake out;
    if (notices_.is_open()) {
        auto either = ax::make_parallel_group(
            notices_.async_wait(asio::posix::stream_descriptor::wait_read, asio::deferred),
            timer_.async_wait(asio::deferred));
        const auto [order, read_error, timer_error] =
            co_await either.async_wait(ax::wait_for_one(), asio::use_awaitable);
        out.changed = order[0] == 0 && !read_error;
        if (out.changed) drain(out);
    } else {
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    out.tick = take_tick();
    co_return out;
}

}  // namespace kentongan::log
