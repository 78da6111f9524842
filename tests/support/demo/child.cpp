#include "tests/support/demo/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

extern char** environ;

namespace kentongan::demo {

Result<Child> Child::start(const std::vector<std::string>& command,
                           const std::filesystem::path& log) {
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    // Our listening sockets are not its business: it would keep them open after we close them.
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    pid_t pid = -1;
    const int failed = posix_spawn(&pid, command.front().c_str(), &files, nullptr,
                                   arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) return fail_errno("start", command.front(), failed);
    return Child{pid, std::filesystem::path(command.front()).filename().native()};
}

Child::~Child() {
    if (!running()) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool Child::running() {
    if (pid_ < 0 || status_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return false;
}

std::optional<int> Child::end(int seconds) {
    if (running()) ::kill(pid_, SIGTERM);
    for (int i = 0; i < seconds * 20 && running(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    if (!running()) return status_;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    return std::nullopt;
}

}  // namespace kentongan::demo
