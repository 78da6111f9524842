#pragma once
// Channel: a bounded queue between tasks of any threads. The call says the policy: send waits for
// room, offer refuses. finish() ends the stream in band: what is queued is still received.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "daemon/async/task.hpp"

namespace kentongan {

/// Any number of senders and receivers; each task's executor must run on one thread or strand.
/// A cancelled wait throws operation_aborted, as every cancelled Asio wait does.
template <class T>
class Channel {
  public:
    /// `capacity` items, at least 1.
    explicit Channel(std::size_t capacity) : capacity_(std::max<std::size_t>(capacity, 1)) {}
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Waits while full. False when the channel is finished: the item was not taken.
    [[nodiscard]] Task<bool> send(T item) {
        const auto executor = co_await asio::this_coro::executor;
        for (;;) {
            Waiting waiting{*this, senders_};
            {
                const std::scoped_lock lock(mutex_);
                if (finished_) co_return false;
                if (items_.size() < capacity_) {
                    items_.push_back(std::move(item));
                    wake_one(receivers_);
                    co_return true;
                }
                waiting.enlist(executor);
            }
            co_await waiting.woken();
        }
    }

    /// Refuses when full or finished: `item` is then as it was, and the caller counts the refusal.
    [[nodiscard]] bool offer(T&& item) {
        const std::scoped_lock lock(mutex_);
        if (finished_ || items_.size() >= capacity_) return false;
        items_.push_back(std::move(item));
        wake_one(receivers_);
        return true;
    }

    /// The oldest item, waiting for one; nothing once finished and empty.
    [[nodiscard]] Task<std::optional<T>> receive() {
        const auto executor = co_await asio::this_coro::executor;
        for (;;) {
            Waiting waiting{*this, receivers_};
            {
                const std::scoped_lock lock(mutex_);
                if (!items_.empty()) {
                    std::optional<T> item{std::move(items_.front())};
                    items_.pop_front();
                    wake_one(senders_);
                    co_return item;
                }
                if (finished_) co_return std::nullopt;
                waiting.enlist(executor);
            }
            co_await waiting.woken();
        }
    }

    /// Everything queued, waiting for at least one item; empty once finished and empty.
    [[nodiscard]] Task<std::vector<T>> receive_all() {
        std::vector<T> out;
        if (auto first = co_await receive()) {
            out.push_back(std::move(*first));
            const std::scoped_lock lock(mutex_);
            for (T& item : items_) out.push_back(std::move(item));
            items_.clear();
            wake_all(senders_);
        }
        co_return out;
    }

    /// No more items will come; senders that wait are refused.
    void finish() {
        const std::scoped_lock lock(mutex_);
        finished_ = true;
        wake_all(senders_);
        wake_all(receivers_);
    }

    [[nodiscard]] std::size_t size() const {
        const std::scoped_lock lock(mutex_);
        return items_.size();
    }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

  private:
    struct Waiter {
        explicit Waiter(const asio::any_io_executor& executor)
            : timer(executor, asio::steady_timer::time_point::max()) {}
        asio::steady_timer timer;
        bool woken = false;  // guarded by the channel's mutex
    };
    using Queue = std::deque<std::shared_ptr<Waiter>>;

    /// One task's place in a queue; leaving early gives the place, or the wake-up it got, back.
    class Waiting {
      public:
        Waiting(Channel& channel, Queue& queue) : channel_(channel), queue_(queue) {}
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;
        ~Waiting() {
            if (!waiter_) return;
            const std::scoped_lock lock(channel_.mutex_);
            if (!waiter_->woken)
                std::erase(queue_, waiter_);
            else if (abandoned_)
                wake_one(queue_);
        }
        void enlist(const asio::any_io_executor& executor) {
            waiter_ = std::make_shared<Waiter>(executor);
            queue_.push_back(waiter_);
        }
        [[nodiscard]] Task<> woken() {
            abandoned_ = true;
            co_await waiter_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
            const auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none)
                throw boost::system::system_error(asio::error::operation_aborted);
            abandoned_ = false;
        }

      private:
        Channel& channel_;
        Queue& queue_;
        std::shared_ptr<Waiter> waiter_;
        bool abandoned_ = false;
    };

    /// The timer belongs to the waiting task's thread, so it is fired there: an expiry in the past
    /// ends a wait that has begun and one that is about to begin.
    static void wake_one(Queue& queue) {
        if (queue.empty()) return;
        auto waiter = std::move(queue.front());
        queue.pop_front();
        waiter->woken = true;
        const auto executor = waiter->timer.get_executor();
        asio::post(executor, [waiter = std::move(waiter)] {
            waiter->timer.expires_at(asio::steady_timer::time_point::min());
        });
    }
    static void wake_all(Queue& queue) {
        while (!queue.empty()) wake_one(queue);
    }

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::deque<T> items_;
    Queue senders_;
    Queue receivers_;
    bool finished_ = false;
};

}  // namespace kentongan
