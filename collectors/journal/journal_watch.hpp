#pragma once
// Waits until a journal's descriptor is readable, or for the poll timer.
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/async/task.hpp"

namespace kentongan::journal {

/// Lives on one executor.
class JournalWatch {
  public:
    JournalWatch(const asio::any_io_executor& executor, std::chrono::milliseconds poll);

    /// From here on this descriptor, which stays its owner's; below 0: the timer alone.
    void watch(int descriptor);
    [[nodiscard]] Task<> wait();

  private:
    std::chrono::milliseconds poll_;
    asio::steady_timer timer_;
    asio::posix::stream_descriptor descriptor_;
};

}  // namespace kentongan::journal
