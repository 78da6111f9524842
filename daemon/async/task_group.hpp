#pragma once
// TaskGroup: tasks that start together and end together. No task is detached: each lives in a
// group, and the group is the last member of its owner.
#include <memory>
#include <string>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"

namespace kentongan {

/// All members run on, and all calls come from, one single-threaded executor.
class TaskGroup {
  public:
    explicit TaskGroup(asio::any_io_executor executor);
    /// Asks what still runs to stop; the frames end with the executor's context. What they wait on
    /// (a socket, an acceptor) must be there until then: where the executor goes on, join() first.
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts a task. When it fails, or throws anything but a cancellation, the group remembers the
    /// first such error as "name: …" and asks the others to stop.
    void spawn(std::string name, Task<Result<>> task);
    void spawn(std::string name, Task<> task);

    /// Asks every task to stop: its current wait throws operation_aborted.
    void cancel();

    /// Waits until no task runs; the first error. May be called again after more spawns.
    [[nodiscard]] Task<Result<>> join();

    [[nodiscard]] std::size_t running() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace kentongan
