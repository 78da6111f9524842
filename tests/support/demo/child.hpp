#pragma once
// Child: a program of ours started by the demo, its output in a file, ended with it.
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/error.hpp"

namespace kentongan::demo {

class Child {
  public:
    /// Standard output and error go to `log`. Error when the program cannot be started.
    [[nodiscard]] static Result<Child> start(const std::vector<std::string>& command,
                                             const std::filesystem::path& log);
    Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), name_(other.name_) {}
    Child& operator=(Child&&) = delete;
    ~Child();  ///< SIGKILL if it still runs

    [[nodiscard]] bool running();
    /// SIGTERM, then waits up to `seconds`; the exit status, or nothing when it had to be killed.
    [[nodiscard]] std::optional<int> end(int seconds);
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    Child(pid_t pid, std::string name) : pid_(pid), name_(std::move(name)) {}
    pid_t pid_;
    std::string name_;
    std::optional<int> status_;
};

}  // namespace kentongan::demo
