#include "daemon/async/loop_thread.hpp"

#include <pthread.h>

#include <csignal>

namespace kentongan {

LoopThread::LoopThread(std::string name, Starts starts)
    : name_(std::move(name)), work_(boost::asio::make_work_guard(context_)) {
    if (starts == Starts::now) start();
}

void LoopThread::start() {
    thread_ = std::thread{[this] {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, nullptr);
        pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
        context_.run();
    }};
}

LoopThread::~LoopThread() { finish(); }

void LoopThread::finish() {
    work_.reset();
    if (thread_.joinable()) thread_.join();
}

}  // namespace kentongan
