#pragma once
// BackgroundWork: blocking work on scan threads for which a task on a lane waits a while at a time,
// so that the lane stays free and a cancelled task need not wait for the end.
#include <atomic>
#include <functional>
#include <memory>

#include "daemon/async/task.hpp"

namespace kentongan::integrity {

class BackgroundWork {
  public:
    /// Owns all that it touches (by shared_ptr) and ends soon after `stop` turns true.
    using Body = std::function<void(const std::atomic<bool>& stop)>;

    /// Starts `body` `workers` times on `scan`. `lane` is the executor of the task that waits.
    BackgroundWork(const asio::any_io_executor& scan, asio::any_io_executor lane,
                   std::size_t workers, Body body);
    /// Asks the work to stop and does not wait for it.
    ~BackgroundWork();
    BackgroundWork(const BackgroundWork&) = delete;
    BackgroundWork& operator=(const BackgroundWork&) = delete;

    /// True as soon as all workers have ended, false when `patience` has passed before that.
    /// Throws what a worker threw.
    [[nodiscard]] Task<bool> done_within(std::chrono::steady_clock::duration patience);

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace kentongan::integrity
