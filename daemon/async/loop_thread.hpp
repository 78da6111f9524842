#pragma once
// LoopThread: one named thread that runs one io_context; lanes, the correlate strand and the store
// each are one.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <thread>

namespace kentongan {

/// Signals are blocked on the thread. Destruction lets queued work finish, then joins.
class LoopThread {
  public:
    enum class Starts { now, later };
    /// `name`: at most 15 characters, as the kernel shows it. `later`: what is queued waits for
    /// start(), and is dropped when that never comes.
    explicit LoopThread(std::string name, Starts starts = Starts::now);
    ~LoopThread();
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    [[nodiscard]] boost::asio::io_context& context() { return context_; }
    [[nodiscard]] boost::asio::io_context::executor_type executor() {
        return context_.get_executor();
    }
    void start();
    /// Returns once everything queued has run; the thread has ended.
    void finish();

  private:
    std::string name_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

}  // namespace kentongan
