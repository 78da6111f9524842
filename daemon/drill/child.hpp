#pragma once
// Child: a program of ours started by a test or by the demo, its output in a file, ended with it.
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan {

class Child {
  public:
    /// Standard output and error are appended to `log`; the child gets no other descriptor of ours.
    /// Error when the program cannot be started.
    [[nodiscard]] static Result<Child> start(const std::vector<std::string>& command,
                                             const std::filesystem::path& log);
    Child(Child&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)),
          name_(std::move(other.name_)),
          status_(other.status_) {}
    Child& operator=(Child&&) = delete;
    ~Child();  ///< SIGKILL if it still runs

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool running();
    void send(int signal);
    /// Waits up to `seconds` for its end: the exit status (128 + signal when one killed it), or
    /// nothing while it still runs.
    [[nodiscard]] std::optional<int> wait(int seconds);
    /// SIGTERM, then waits up to `seconds`; the exit status, or nothing when it had to be killed.
    [[nodiscard]] std::optional<int> end(int seconds);
    /// SIGKILL; returns once it is gone.
    void kill();
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    Child(pid_t pid, std::string name) : pid_(pid), name_(std::move(name)) {}
    pid_t pid_;
    std::string name_;
    std::optional<int> status_;
};

/// What a program that ends by itself left behind.
struct Ended {
    std::optional<int> status;  ///< nothing: it did not end in time and was killed
    std::string output;         ///< standard output and error
};

/// Runs a program to its end; its output goes through the new file `log`.
[[nodiscard]] Result<Ended> run_program(const std::vector<std::string>& command,
                                        const std::filesystem::path& log, int seconds);

}  // namespace kentongan
