#pragma once
// DeliveryWorker: brings one destination its messages, strictly in order and one at a time, and
// tells the outbox what came of them. Each destination has its own, so none waits for another.
#include <functional>
#include <set>
#include <string>

#include "daemon/async/channel.hpp"
#include "daemon/async/task_group.hpp"
#include "daemon/deliver/retry_schedule.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan {

/// Lets time pass before another attempt; tests give one that only moves their clock.
using Pause = std::function<Task<>(Duration)>;

struct DeliveryWorkerSettings {
    std::string destination;
    RetryPolicy retry{};
    std::chrono::milliseconds poll{1000};  ///< how long a missed notify() can delay a message
    std::size_t read_ahead = 256;          ///< messages read from the outbox at once
    Pause pause{};                         ///< empty: real time
};

/// What the operators' page says about a destination, beside the outbox's figures.
struct DeliveryWorkerStatus {
    std::string text = "starting";
    bool attention = false;  ///< somebody has to act: the endpoint is gone, a message was put aside
};

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

    [[nodiscard]] DeliveryWorkerStatus status() const { return status_; }

  private:
    struct Wake;
    Task<> send_all();
    Task<Result<>> acknowledge_all();
    Task<std::vector<Delivery>> read_new();
    Task<> deliver(Delivery message);
    Task<> wait_for_news();
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
    bool stopping_ = false;             // the sender has ended
    std::set<std::int64_t> unsettled_;  // finished here, not yet in the store
    DeliveryWorkerStatus status_;
    Counter ok_, retried_, rejected_, dead_;
    Gauge pending_, oldest_;
    Histogram latency_;
};

}  // namespace kentongan
