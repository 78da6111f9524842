#pragma once
// A program under test: started with arguments, its output collected, ended when we are.
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "daemon/base/file.hpp"

namespace kentongan {

class Process {
  public:
    /// The first of `command` is the program's path. stdout and stderr go into one stream.
    explicit Process(std::vector<std::string> command);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();  ///< kills it if it still runs

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Everything it has printed so far; does not wait.
    const std::string& output();
    /// Waits until it has printed a line with `text` (false: it ended its output without).
    bool await_output(std::string_view text);
    /// Everything it prints until it closes its output.
    const std::string& whole_output();
    void send_signal(int signal) const;
    /// Waits for its end: the exit status, or minus the signal that killed it.
    int wait();

  private:
    bool read_more(bool may_wait);

    pid_t pid_ = -1;
    FileDescriptor output_fd_;
    std::string output_;
    std::optional<int> ended_;
};

}  // namespace kentongan
