#pragma once
// Waits for a change of files or of their folders (inotify), or for the poll timer.
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <string>
#include <vector>

#include "daemon/async/task.hpp"

namespace kentongan::log {

/// Without inotify (its limits reached, a network file system) the timer alone remains. Lives on
/// one executor.
class ChangeWatch {
  public:
    ChangeWatch(const asio::any_io_executor& executor, std::chrono::milliseconds poll);

    /// These folders and no others: what comes and goes in them wakes.
    void watch_folders(const std::vector<std::string>& folders);
    /// The file at the path is the one that is read now: its growth wakes from here on, and
    /// that of the file before no longer.
    void watch_file(const std::string& path);
    void forget_file(const std::string& path);

    struct Wake {
        bool tick = false;     ///< the timer's time had come
        bool changed = false;  ///< something changed
        bool folders = false;  ///< files came or went
    };
    [[nodiscard]] Task<Wake> wait();
    /// What wait() would give, without waiting.
    [[nodiscard]] Wake glance();

  private:
    using Watches = std::map<std::string, int>;  // -1: not watched, to be tried again

    void watch_missing_folders();
    void drain(Wake& wake);
    void unwatch(int watch);
    bool take_tick();

    std::chrono::milliseconds poll_;
    asio::steady_timer timer_;
    asio::posix::stream_descriptor notices_;
    Watches folders_;
    Watches files_;
};

}  // namespace kentongan::log
