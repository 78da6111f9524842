#pragma once
// DeskStage: findings become alerts, alerts and what follows from them become one transaction, and
// only then is anybody told.
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "daemon/alert/desk.hpp"
#include "daemon/async/channel.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/pipeline/flow.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// What one commit brought into the store.
struct Committed {
    std::size_t alerts = 0;
    std::size_t deliveries = 0;
    std::map<std::string, Timestamp> heartbeats;
};

/// Lives on the loop; the store is called on its own executor. A store that fails is a state, not
/// a crash: the commit is tried again with growing pauses, the queue behind it fills, and
/// failure() says why. Nothing is announced before it is stored.
class DeskStage {
  public:
    struct Options {
        bool live = true;  ///< alerts are stamped with the clock; else with event time
        std::chrono::milliseconds first_pause{100};  ///< after a failed commit; doubles up to 30 s
        bool retry = true;  ///< false: a failed commit ends the stage with its error (replay)
    };
    using Announce = std::function<void(const Committed&)>;

    DeskStage(Options options, AlertDesk desk, std::shared_ptr<const Routing> routing,
              AlertStore& store, asio::any_io_executor store_executor, Metrics& metrics,
              const Clock& clock, Announce announce);

    /// Until the input is finished; then what is open is stored too.
    [[nodiscard]] Task<Result<>> run(Channel<DeskBatch>& in);

    /// From the next batch on.
    void route_by(std::shared_ptr<const Routing> routing);

    /// Why the store refuses just now; empty while it works.
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] std::size_t open_alerts() const { return desk_.open(); }

  private:
    [[nodiscard]] Task<Result<>> store_all(AlertBatch batch, Committed committed);
    void take(DeskBatch& batch, AlertBatch& out, Committed& committed);
    void collect_changes(AlertBatch& out, Committed& committed);
    [[nodiscard]] AlertWrite write_of(AlertChange change);
    void deliver(const AlertChange& change, AlertWrite& out);
    void count_new(const Alert& alert);
    void observe_latency(const AlertBatch& batch);

    Options options_;
    AlertDesk desk_;
    std::shared_ptr<const Routing> routing_;
    AlertStore& store_;
    asio::any_io_executor store_executor_;
    Metrics& metrics_;
    const Clock& clock_;
    Announce announce_;
    std::string failure_;
    std::uint64_t closed_early_ = 0;                       // as last counted
    std::unordered_map<std::string, std::uint64_t> told_;  // open alert -> count last delivered
};

}  // namespace kentongan
