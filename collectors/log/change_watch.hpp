#pragma once
// Waits for a change of a file or its folder (inotify), or for the poll timer.
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>

#include "daemon/async/task.hpp"

namespace kentongan::log {

/// Without inotify (its limits reached, a network file system) the timer alone remains. Lives on
/// one executor.
class ChangeWatch {
  public:
    ChangeWatch(const asio::any_io_executor& executor, std::filesystem::path path,
                std::chrono::milliseconds poll);

    /// The file at the path is the one that is read now: its growth wakes from here on, and
    /// that of the file before no longer.
    void watch_file();
    struct Wake {
        bool tick = false;     ///< the timer's time had come
        bool changed = false;  ///< something changed
    };
    [[nodiscard]] Task<Wake> wait();

  private:
    void watch_folder();
    void drain();

    std::filesystem::path path_;
    std::chrono::milliseconds poll_;
    asio::steady_timer timer_;
    asio::posix::stream_descriptor notices_;
    int folder_watch_ = -1;
    int file_watch_ = -1;
};

}  // namespace kentongan::log
