#pragma once
// DeliveryWorker: brings one destination its messages, one at a time and each lane strictly in
// order, and tells the outbox what came of them. Each destination has its own, so none waits for
// another.
#include <array>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "daemon/async/channel.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/deliver/retry_schedule.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan {

/// Lets time pass before another attempt; tests give one that only moves their clock.
using Pause = std::function<Task<>(Duration)>;

/// Something about a destination that people must be told: its endpoint is gone (410), a message
/// was put aside. Called on the loop's thread.
using Page = std::function<void(const std::string& destination, const std::string& reason)>;

/// What the history says of outcomes, to be stored with them; on the store's thread.
using Tell = std::function<Result<NewEntries>(const std::string& destination,
                                              const std::vector<DeliveryOutcome>& outcomes)>;

struct DeliveryWorkerSettings {
    std::string destination;
    bool heartbeat = true;  ///< signs of life are sent to it
    RetryPolicy retry{};
    std::chrono::milliseconds poll{1000};  ///< how long a missed notify() can delay a message
    std::size_t read_ahead = 256;          ///< messages read from the outbox at once
    Pause pause{};                         ///< empty: real time
    Page page{};
    Tell tell{};  ///< empty: nothing
};

/// What the operators' page says about a destination, beside the outbox's figures.
struct DeliveryWorkerStatus {
    std::string text = "starting";
    /// The same for pages in other languages: starting, store, delivered, delivering, put_aside,
    /// retry, paused.
    std::string_view code = "starting";
    bool attention = false;  ///< somebody has to act: the endpoint is gone, a message was put aside
};

/// A lane whose message has to be tried again waits by itself: a critical alert is tried at once,
/// however long the backlog, and a message that is refused for what it is holds up its lane only.
/// Delivery is at least once: a message whose acknowledgement was not yet stored when the process
/// ended is sent again with the same webhook-id. All calls on the loop's thread but notify().
class DeliveryWorker {
  public:
    /// `store` is the executor of the store's thread, on which alone `outbox` is called. Everything
    /// given by reference outlives the tasks of the group.
    DeliveryWorker(DeliveryWorkerSettings settings, DeliveryChannel& channel, Outbox& outbox,
                   asio::any_io_executor loop, asio::any_io_executor store, Metrics& metrics,
                   const Clock& clock = system_clock());
    ~DeliveryWorker();
    DeliveryWorker(const DeliveryWorker&) = delete;
    DeliveryWorker& operator=(const DeliveryWorker&) = delete;

    /// Starts the worker's two tasks. When the group is cancelled sending stops at once, and the
    /// acknowledgements that came are stored before the tasks end. Call it once.
    void start(TaskGroup& group);

    /// There may be new messages. Any thread.
    void notify();

    /// Sends nothing more until it is told an empty reason; what is on its way is waited for.
    void pause(std::string reason);

    [[nodiscard]] DeliveryWorkerStatus status() const {
        return paused_.empty() ? status_ : DeliveryWorkerStatus{paused_, "paused", true};
    }

  private:
    struct Wake;
    using Instant = std::chrono::steady_clock::time_point;
    /// What waits in a lane, and when its first message may be tried.
    struct Queue {
        std::deque<Delivery> messages;
        Instant due{};
        AttemptHistory history{};  ///< of the first, once it was tried
    };

    Task<> send_all();
    Task<Result<>> acknowledge_all();
    Task<> read_new();
    void take_in(std::vector<Delivery> messages);
    [[nodiscard]] Queue* next_due(Instant now);
    [[nodiscard]] std::optional<Duration> until_next(Instant now) const;
    Task<bool> attempt(Queue& queue);
    Task<> rest();
    [[nodiscard]] Instant now() const;
    [[nodiscard]] bool may_read() const;
    [[nodiscard]] bool idle() const;
    void record(const Delivery& message, const Verdict& verdict);
    void record_waiting(const std::vector<DeliveryStatus>& all);

    DeliveryWorkerSettings settings_;
    DeliveryChannel& channel_;
    Outbox& outbox_;
    asio::any_io_executor loop_;
    asio::any_io_executor store_;
    const Clock& clock_;
    RetrySchedule schedule_;
    std::shared_ptr<Wake> wake_;
    Channel<DeliveryOutcome> outcomes_{1024};
    std::array<Queue, 3> queues_;  // by lane
    Instant last_read_{};
    Duration jumped_{};                 // by which a test's pauses have moved time
    bool stopping_ = false;             // the sender has ended
    std::set<std::int64_t> unsettled_;  // finished here, not yet in the store
    DeliveryWorkerStatus status_;
    std::string paused_;  // why; empty: it is not
    Counter ok_, retried_, rejected_, dead_;
    Gauge pending_, oldest_;
    std::optional<Gauge> heartbeat_;  ///< when a sign of life was acknowledged; 0: never
    Histogram latency_;
};

}  // namespace kentongan
