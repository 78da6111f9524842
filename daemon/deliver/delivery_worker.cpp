#include "daemon/deliver/delivery_worker.hpp"

#include <boost/asio/as_tuple.hpp>

namespace kentongan {

namespace {
constexpr std::chrono::seconds kStorePause{1};  // before the store is asked again after an error
}

/// Outlives the worker while a notification is on its way to the loop.
struct DeliveryWorker::Wake {
    explicit Wake(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer;
    bool news = true;
};

DeliveryWorker::DeliveryWorker(DeliveryWorkerSettings settings, DeliveryChannel& channel,
                               Outbox& outbox, asio::any_io_executor loop,
                               asio::any_io_executor store, Metrics& metrics, const Clock& clock)
    : settings_(std::move(settings)),
      channel_(channel),
      outbox_(outbox),
      loop_(std::move(loop)),
      store_(std::move(store)),
      clock_(clock),
      schedule_(settings_.retry),
      wake_(std::make_shared<Wake>(loop_)),
      ok_(metrics.delivery_attempts.with({settings_.destination, "ok"})),
      retried_(metrics.delivery_attempts.with({settings_.destination, "retry"})),
      rejected_(metrics.delivery_attempts.with({settings_.destination, "rejected"})),
      dead_(metrics.delivery_attempts.with({settings_.destination, "dead"})),
      pending_(metrics.delivery_pending.with({settings_.destination})),
      oldest_(metrics.delivery_oldest_unacked.with({settings_.destination})),
      latency_(metrics.delivery_latency.with({settings_.destination})) {
    if (!settings_.pause) settings_.pause = [](Duration wait) { return sleep_for(wait); };
}

DeliveryWorker::~DeliveryWorker() = default;

void DeliveryWorker::start(TaskGroup& group) {
    group.spawn("delivery to " + settings_.destination, send_all());
    group.spawn("acknowledgements of " + settings_.destination, acknowledge_all());
}

void DeliveryWorker::notify() {
    asio::post(loop_, [wake = wake_] {
        wake->news = true;
        wake->timer.cancel();
    });
}

Task<> DeliveryWorker::wait_for_news() {
    if (!wake_->news) {
        wake_->timer.expires_after(settings_.poll);
        co_await wake_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    wake_->news = false;
}

Task<> DeliveryWorker::send_all() {
    struct EndOfStream {
        DeliveryWorker& worker;
        ~EndOfStream() {
            worker.stopping_ = true;
            worker.outcomes_.finish();
        }
    } const end{*this};
    for (;;) {
        co_await wait_for_news();
        auto messages = co_await read_new();
        if (!messages.empty()) wake_->news = true;  // there may be more behind them
        for (auto& message : messages) co_await deliver(std::move(message));
    }
}

/// The oldest messages that are not finished here already.
Task<std::vector<Delivery>> DeliveryWorker::read_new() {
    struct Reading {
        Result<std::vector<Delivery>> messages;
        Result<std::vector<DeliveryStatus>> status;
    };
    auto read = [this] {
        return Reading{outbox_.pending(settings_.destination, settings_.read_ahead),
                       outbox_.status()};
    };
    auto reading = co_await run_on(store_, read);
    if (!reading.messages) {
        status_ = {"the store does not answer: " + reading.messages.error().message, true};
        co_return std::vector<Delivery>{};
    }
    if (reading.status) record_waiting(*reading.status);
    std::erase_if(*reading.messages,
                  [this](const Delivery& m) { return unsettled_.contains(m.sequence); });
    if (reading.messages->empty() && unsettled_.empty() && !status_.attention)
        status_.text = "everything is delivered";
    co_return std::move(*reading.messages);
}

/// Until it is delivered or put aside; the messages behind it wait.
Task<> DeliveryWorker::deliver(Delivery message) {
    AttemptHistory history{.sequence = message.sequence, .attempts = message.attempts};
    for (;;) {
        const auto answer = co_await channel_.deliver(message);
        ++history.attempts;
        history.age = clock_.now() - message.created;
        const Verdict verdict = schedule_.judge(answer, history);
        if (verdict.rejected) ++history.rejections;
        record(message, verdict);
        const bool finished = verdict.state != DeliveryOutcome::State::retry;
        if (finished) unsettled_.insert(message.sequence);
        DeliveryOutcome outcome{message.sequence, verdict.state, verdict.detail, clock_.now()};
        if (!co_await outcomes_.send(std::move(outcome)) || finished) co_return;
        co_await settings_.pause(verdict.wait);
    }
}

void DeliveryWorker::record(const Delivery& message, const Verdict& verdict) {
    using State = DeliveryOutcome::State;
    switch (verdict.state) {
        case State::delivered:
            ok_.add();
            latency_.observe(to_seconds(clock_.now() - message.created));
            status_ = {"delivering", false};
            break;
        case State::dead:
            dead_.add();
            status_ = {
                fmt::format("message {} was put aside: {}", message_id(message), verdict.detail),
                true};
            break;
        case State::retry:
            (verdict.rejected ? rejected_ : retried_).add();
            status_ = {fmt::format("next attempt in {:.0f} s: {}", to_seconds(verdict.wait),
                                   verdict.detail),
                       verdict.gone || verdict.rejected};
            break;
    }
}

void DeliveryWorker::record_waiting(const std::vector<DeliveryStatus>& all) {
    for (const DeliveryStatus& status : all) {
        if (status.destination != settings_.destination) continue;
        pending_.set(static_cast<double>(status.pending));
        oldest_.set(status.oldest_pending ? to_seconds(status.oldest_pending->time_since_epoch())
                                          : 0);
    }
}

// Runs on when the group is cancelled, until the sender has ended and its outcomes are stored. A
// store that fails is asked again while the sender lives; at the end the rest is given up, and
// those messages go out again after the next start.
Task<Result<>> DeliveryWorker::acknowledge_all() {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    for (;;) {
        const auto batch = co_await outcomes_.receive_all();
        if (batch.empty()) co_return Result<>{};
        auto settle = [this, &batch] { return outbox_.settle(batch); };
        for (;;) {
            const auto settled = co_await run_on(store_, settle);
            if (settled) break;
            status_ = {"the store does not answer: " + settled.error().message, true};
            if (stopping_) co_return Result<>{};
            co_await settings_.pause(kStorePause);
        }
        for (const auto& outcome : batch) unsettled_.erase(outcome.sequence);
        notify();
    }
}

}  // namespace kentongan
