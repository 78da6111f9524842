#include "daemon/deliver/delivery_worker.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>

namespace kentongan {

namespace {
constexpr std::chrono::milliseconds kReadPause{100};
constexpr std::chrono::seconds kStorePause{1};  // before the store is asked again after an error
}  // namespace

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
    if (settings_.heartbeat) heartbeat_ = metrics.delivery_heartbeat.with({settings_.destination});
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

void DeliveryWorker::pause(std::string reason) {
    if (!paused_.empty() && reason.empty()) notify();
    paused_ = std::move(reason);
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
        if (wake_->news && may_read()) {
            wake_->news = false;
            co_await read_new();
        }
        if (Queue* queue = next_due(now())) {
            if (!co_await attempt(*queue)) co_return;
            if (queue->messages.empty()) wake_->news = true;  // there may be more behind it
        } else if (!wake_->news || !may_read()) {
            co_await rest();
        }
    }
}

DeliveryWorker::Instant DeliveryWorker::now() const {
    return settings_.pause ? Instant{} + jumped_ : std::chrono::steady_clock::now();
}

/// While there is a backlog in hand, each commit would have the store read the same messages again:
/// a critical alert may wait for this long until it is seen.
bool DeliveryWorker::may_read() const {
    const auto& usual = queues_[static_cast<std::size_t>(Urgency::usual)].messages;
    return usual.empty() || settings_.pause || now() - last_read_ >= kReadPause;
}

bool DeliveryWorker::idle() const {
    return std::ranges::all_of(queues_, [](const Queue& queue) { return queue.messages.empty(); });
}

/// Until the next message is due, there is news, or the store is to be asked again.
Task<> DeliveryWorker::rest() {
    const auto wait = until_next(now());
    if (wait && settings_.pause) {
        co_await settings_.pause(*wait);
        jumped_ += *wait;
        wake_->news = true;
        co_return;
    }
    Duration time = std::min<Duration>(wait.value_or(settings_.poll), settings_.poll);
    if (wake_->news) time = std::min<Duration>(time, kReadPause);
    wake_->timer.expires_after(time);
    co_await wake_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    wake_->news = true;
}

/// The oldest messages that are neither finished here already nor in hand.
Task<> DeliveryWorker::read_new() {
    struct Reading {
        Result<std::vector<Delivery>> messages;
        Result<std::vector<DeliveryStatus>> status;
    };
    auto read = [this] {
        return Reading{outbox_.pending(settings_.destination, settings_.read_ahead),
                       outbox_.status()};
    };
    auto reading = co_await run_on(store_, read);
    last_read_ = now();
    if (!reading.messages) {
        status_ = {"the store does not answer: " + reading.messages.error().message, "store", true};
        co_return;
    }
    if (reading.status) record_waiting(*reading.status);
    take_in(std::move(*reading.messages));
    if (idle() && unsettled_.empty() && !status_.attention)
        status_ = {"everything is delivered", "delivered", false};
}

/// The store's answer replaces what is in hand: a message that was put back, and a heartbeat that
/// was replaced, are then as the store has them. The first of a lane goes on with its history.
void DeliveryWorker::take_in(std::vector<Delivery> messages) {
    std::array<std::deque<Delivery>, 3> fresh;
    for (Delivery& message : messages)
        if (!unsettled_.contains(message.sequence))
            fresh[static_cast<std::size_t>(message.lane)].push_back(std::move(message));
    for (std::size_t lane = 0; lane < fresh.size(); ++lane) {
        Queue& queue = queues_[lane];
        queue.messages = std::move(fresh[lane]);
        if (queue.messages.empty() || queue.messages.front().sequence != queue.history.sequence) {
            const bool keeps_waiting = lane == static_cast<std::size_t>(Urgency::heartbeat) &&
                                       queue.history.sequence != 0 && !queue.messages.empty();
            if (!keeps_waiting) queue.due = Instant{};
            queue.history = {};
        }
    }
}

/// Criticals first, then a sign of life, which must not wait behind a backlog, then the rest.
DeliveryWorker::Queue* DeliveryWorker::next_due(Instant at) {
    if (!paused_.empty()) return nullptr;
    for (const Urgency lane : {Urgency::critical, Urgency::heartbeat, Urgency::usual}) {
        Queue& queue = queues_[static_cast<std::size_t>(lane)];
        if (!queue.messages.empty() && queue.due <= at) return &queue;
    }
    return nullptr;
}

std::optional<Duration> DeliveryWorker::until_next(Instant at) const {
    std::optional<Duration> out;
    if (!paused_.empty()) return out;
    for (const Queue& queue : queues_)
        if (!queue.messages.empty())
            out = std::min(out.value_or(Duration::max()), Duration{queue.due - at});
    return out;
}

/// One attempt at the first message of a lane. False: nobody takes outcomes any more.
Task<bool> DeliveryWorker::attempt(Queue& queue) {
    const Delivery message = queue.messages.front();
    if (queue.history.sequence != message.sequence)
        queue.history = {.sequence = message.sequence, .attempts = message.attempts};
    const auto answer = co_await channel_.deliver(message);
    ++queue.history.attempts;
    queue.history.age = clock_.now() - message.created;
    const Verdict verdict = schedule_.judge(answer, queue.history);
    if (verdict.rejected) ++queue.history.rejections;
    record(message, verdict);
    queue.due = now() + verdict.wait;
    if (verdict.state != DeliveryOutcome::State::retry) {
        unsettled_.insert(message.sequence);
        queue.messages.pop_front();
        queue.history = {};
        queue.due = Instant{};
    }
    DeliveryOutcome outcome{message.sequence, verdict.state, verdict.detail, clock_.now(),
                            message.lane};
    co_return co_await outcomes_.send(std::move(outcome));
}

void DeliveryWorker::record(const Delivery& message, const Verdict& verdict) {
    using State = DeliveryOutcome::State;
    switch (verdict.state) {
        case State::delivered:
            if (message.lane == Urgency::heartbeat) {
                if (heartbeat_) heartbeat_->set(to_seconds(clock_.now().time_since_epoch()));
                break;
            }
            ok_.add();
            latency_.observe(to_seconds(clock_.now() - message.created));
            status_ = {"delivering", "delivering", false};
            break;
        case State::dead:
            dead_.add();
            status_ = {
                fmt::format("message {} was put aside: {}", message_id(message), verdict.detail),
                "put_aside", true};
            if (settings_.page && message.lane != Urgency::heartbeat)
                settings_.page(settings_.destination, "put aside: " + verdict.detail);
            break;
        case State::retry:
            (verdict.rejected ? rejected_ : retried_).add();
            status_ = {fmt::format("next attempt in {:.0f} s: {}", to_seconds(verdict.wait),
                                   verdict.detail),
                       "retry", verdict.gone || verdict.rejected};
            if (settings_.page && verdict.gone)
                settings_.page(settings_.destination, verdict.detail);
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
        auto settle = [this, &batch]() -> Result<> {
            NewEntries told;
            if (settings_.tell) {
                auto entries = settings_.tell(settings_.destination, batch);
                if (!entries) return std::unexpected(entries.error());
                told = std::move(*entries);
            }
            return outbox_.settle(batch, told);
        };
        for (;;) {
            const auto settled = co_await run_on(store_, settle);
            if (settled) break;
            status_ = {"the store does not answer: " + settled.error().message, "store", true};
            if (stopping_) co_return Result<>{};
            if (settings_.pause)
                co_await settings_.pause(kStorePause);
            else
                co_await sleep_for(kStorePause);
        }
        for (const auto& outcome : batch) unsettled_.erase(outcome.sequence);
        if (idle()) notify();
    }
}

}  // namespace kentongan
