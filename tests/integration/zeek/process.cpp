#include "tests/integration/zeek/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace kentongan {

Process::Process(std::vector<std::string> command) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    output_fd_ = FileDescriptor{ends[0]};
    const FileDescriptor writing{ends[1]};
    std::vector<char*> arguments;
    for (auto& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, writing.value(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, writing.value(), STDERR_FILENO);
    const int failure =
        ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error("cannot start " + command[0]);
}

Process::~Process() {
    if (ended_) return;
    ::kill(pid_, SIGKILL);
    wait();
}

bool Process::read_more(bool may_wait) {
    pollfd poll{output_fd_.value(), POLLIN, 0};
    if (::poll(&poll, 1, may_wait ? -1 : 0) <= 0) return false;
    char buffer[4096];
    const auto count = ::read(output_fd_.value(), buffer, sizeof buffer);
    if (count <= 0) return false;
    output_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

const std::string& Process::output() {
    while (read_more(false)) {
    }
    return output_;
}

const std::string& Process::whole_output() {
    while (read_more(true)) {
    }
    return output_;
}

bool Process::await_output(std::string_view text) {
    while (output_.find(text) == std::string::npos || !output_.ends_with('\n'))
        if (!read_more(true)) return output_.find(text) != std::string::npos;
    return true;
}

void Process::send_signal(int signal) const {
    if (!ended_) ::kill(pid_, signal);
}

int Process::wait() {
    if (ended_) return *ended_;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return *ended_;
}

}  // namespace kentongan
