#include "collectors/zeek/bridge/supervisor.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <cstring>

#include "collectors/zeek/bridge/backoff.hpp"
#include "collectors/zeek/bridge/worker.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/base/file.hpp"

namespace kentongan::bridge {

namespace {

constexpr std::chrono::seconds kPatience{5};  // with a worker that was asked to stop
constexpr std::size_t kLineCap = 4096;
constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);

struct Child {
    pid_t pid = -1;
    FileDescriptor ended;  ///< a pidfd: readable when the process has ended
    FileDescriptor lines;  ///< its stderr
};

/// glibc 2.36 declares its own pidfd_open without C linkage.
int open_pidfd(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

Result<Child> start_worker(std::size_t index, char** argv) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail_errno("make a pipe for", "worker", errno);
    Child child{-1, {}, FileDescriptor{ends[0]}};
    const FileDescriptor writing{ends[1]};
    std::vector<char*> arguments;
    for (char** argument = argv; *argument != nullptr; ++argument) arguments.push_back(*argument);
    std::string option = "--worker";
    std::string value = std::to_string(index);
    arguments.insert(arguments.end(), {option.data(), value.data(), nullptr});
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, writing.value(), STDERR_FILENO);
    const int failure =
        ::posix_spawn(&child.pid, "/proc/self/exe", &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) return fail_errno("start", "worker", failure);
    child.ended = FileDescriptor{open_pidfd(child.pid)};
    if (!child.ended) return fail_errno("watch", "worker", errno);
    return child;
}

class Supervisor {
  public:
    Supervisor(asio::io_context& context, const Settings& settings, char** argv)
        : settings_(settings),
          argv_(argv),
          signals_(context, SIGTERM, SIGINT),
          group_(context.get_executor()) {}

    Task<int> run() {
        for (std::size_t i = 0; i < settings_.peers.size(); ++i)
            group_.spawn(settings_.peers[i].name, serve(i));
        group_.spawn("signals", watch_signals());
        const auto ended = co_await group_.join();
        if (!ended)
            std::fprintf(stderr, "kentongan-broker-bridge: %s\n", ended.error().message.c_str());
        co_return ended ? 0 : ended.error().exit_status();
    }

  private:
    Task<> watch_signals() {
        co_await signals_.async_wait(kQuiet);
        stopping_ = true;
        group_.cancel();
    }

    Task<Result<>> serve(std::size_t index) {
        const std::string& name = settings_.peers[index].name;
        Backoff backoff{name};
        std::string last_line;
        while (!stopping_) {
            auto child = start_worker(index, argv_);
            if (!child) co_return std::unexpected(child.error());
            int status = 0;
            co_await attend(name, std::move(*child), last_line, status);
            if (stopping_) break;
            if (WIFSIGNALED(status))
                print(name, last_line,
                      fmt::format("the worker died: {}; starting another",
                                  ::strsignal(WTERMSIG(status))));
            if (WIFEXITED(status) && WEXITSTATUS(status) == kLostPeer) backoff.succeeded();
            co_await sleep_for(backoff.next());
        }
        co_return Result<>{};
    }

    /// Prints what the worker says until it ends. When we are cancelled, so is the worker.
    Task<> attend(const std::string& name, Child child, std::string& last_line, int& status) {
        const auto executor = co_await asio::this_coro::executor;
        asio::posix::stream_descriptor lines{executor, child.lines.release()};
        asio::posix::stream_descriptor ended{executor, child.ended.release()};
        try {
            co_await relay(name, lines, last_line);
            co_await ended.async_wait(ended.wait_read, asio::use_awaitable);
        } catch (const boost::system::system_error&) {  // cancelled
        }
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        if (stopping_) co_await stop(child.pid, ended);
        ::waitpid(child.pid, &status, 0);
    }

    Task<> relay(const std::string& name, asio::posix::stream_descriptor& lines,
                 std::string& last_line) {
        std::string buffer;
        for (;;) {
            const auto [error, size] = co_await asio::async_read_until(
                lines, asio::dynamic_buffer(buffer, kLineCap), '\n', kQuiet);
            if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
            if (error && error != asio::error::not_found) co_return;
            const std::size_t taken = error ? buffer.size() : size;
            print(name, last_line, buffer.substr(0, error ? taken : taken - 1));
            buffer.erase(0, taken);
        }
    }

    static void print(const std::string& name, std::string& last_line, std::string line) {
        if (line == last_line) return;
        last_line = std::move(line);
        std::fprintf(stderr, "kentongan-broker-bridge: %s: %s\n", name.c_str(), last_line.c_str());
    }

    static Task<> stop(pid_t pid, asio::posix::stream_descriptor& ended) {
        ::kill(pid, SIGTERM);
        asio::steady_timer patience{co_await asio::this_coro::executor, kPatience};
        const auto kill_it = [pid](const boost::system::error_code& error) {
            if (!error) ::kill(pid, SIGKILL);
        };
        patience.async_wait(kill_it);
        co_await ended.async_wait(ended.wait_read, kQuiet);
    }

    const Settings& settings_;
    char** argv_;
    bool stopping_ = false;
    asio::signal_set signals_;
    TaskGroup group_;
};

}  // namespace

int run_supervisor(const Settings& settings, char** argv) {
    asio::io_context context{1};
    Supervisor supervisor{context, settings, argv};
    int end = static_cast<int>(ErrorCode::internal);
    asio::co_spawn(context, supervisor.run(),
                   [&](const std::exception_ptr&, int status) { end = status; });
    context.run();
    return end;
}

}  // namespace kentongan::bridge
