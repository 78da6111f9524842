#include "daemon/drill/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "daemon/base/file.hpp"

extern char** environ;

namespace kentongan {

namespace {

/// What we ignore or block, a program that we start does not.
class DefaultSignals {
  public:
    DefaultSignals() {
        sigset_t signals;
        posix_spawnattr_init(&attributes_);
        sigfillset(&signals);
        posix_spawnattr_setsigdefault(&attributes_, &signals);
        sigemptyset(&signals);
        posix_spawnattr_setsigmask(&attributes_, &signals);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~DefaultSignals() { posix_spawnattr_destroy(&attributes_); }
    DefaultSignals(const DefaultSignals&) = delete;
    DefaultSignals& operator=(const DefaultSignals&) = delete;
    [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

  private:
    posix_spawnattr_t attributes_;
};

}  // namespace

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
    const DefaultSignals signals;
    pid_t pid = -1;
    const int failed = posix_spawn(&pid, command.front().c_str(), &files, signals.attributes(),
                                   arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) return fail_errno("start", command.front(), failed);
    return Child{pid, std::filesystem::path(command.front()).filename().native()};
}

Child::~Child() { kill(); }

bool Child::running() {
    if (pid_ < 0 || status_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return false;
}

void Child::send(int signal) {
    if (running()) ::kill(pid_, signal);
}

std::optional<int> Child::wait(int seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
    while (running() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return status_;
}

std::optional<int> Child::end(int seconds) {
    send(SIGTERM);
    const auto status = wait(seconds);
    if (!status) kill();
    return status;
}

void Child::kill() {
    if (!running()) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    status_ = 128 + SIGKILL;
}

Result<Ended> run_program(const std::vector<std::string>& command, const std::filesystem::path& log,
                          int seconds) {
    auto child = Child::start(command, log);
    if (!child) return std::unexpected(child.error());
    Ended out;
    out.status = child->wait(seconds);
    child->kill();
    auto output = read_file(log);
    if (!output) return std::unexpected(output.error());
    out.output = std::move(*output);
    return out;
}

}  // namespace kentongan
