#pragma once
// DeskStage: findings become alerts, alerts and what follows from them become one transaction, and
// only then is anybody told.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/alert/desk.hpp"
#include "daemon/async/channel.hpp"
#include "daemon/deliver/destinations.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/pipeline/alert_sealer.hpp"
#include "daemon/pipeline/flow.hpp"
#include "daemon/pipeline/reopening.hpp"
#include "daemon/store/alert_store.hpp"

namespace kentongan {

/// What one commit brought into the store.
struct Committed {
    std::size_t alerts = 0;
    std::size_t deliveries = 0;
    std::vector<Timestamp> raised{};  ///< when what new alerts tell of was seen last
    std::map<std::string, Timestamp> heartbeats;
    std::vector<Risen> risen{};  ///< alerts that became more severe
};

/// Lives on the loop; the store is called on its own executor. A store that fails is a state, not
/// a crash: the commit is tried again with growing pauses, the queue behind it fills, and
/// failure() says why. Nothing is announced before it is stored.
class DeskStage {
  public:
    struct Options {
        bool live = true;       ///< alerts are stamped with the clock; else with event time
        bool exercise = false;  ///< the mark of what is no alert
        std::size_t lanes = 1;  ///< a sign of life is sent when each of so many has a pulse
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
    void judge_by(std::shared_ptr<const DeskContext> context) {
        desk_.judge_by(std::move(context));
    }
    void suppress_by(std::shared_ptr<const Suppressions> suppressions) {
        desk_.suppress_by(std::move(suppressions));
    }
    /// Which destinations each agency has; without a table every agency is one.
    void send_to(std::shared_ptr<const Destinations> destinations) {
        destinations_ = std::move(destinations);
    }
    /// Whose closed alerts are opened again when they become more severe; both outlive the stage.
    void reopen_in(TriageStore& triage, EntryLog& history) {
        triage_ = &triage;
        history_ = &history;
    }
    /// A finding of the program's own, such as changed settings; taken with the next batch.
    void report(Finding finding) { own_.push_back(std::move(finding)); }

    /// Why the store refuses just now; empty while it works.
    [[nodiscard]] const std::string& failure() const { return failure_; }
    [[nodiscard]] std::size_t open_alerts() const { return desk_.open(); }

  private:
    [[nodiscard]] Task<Result<>> store_all(AlertBatch batch, Committed committed);
    [[nodiscard]] Task<> tidy(const Channel<DeskBatch>& in);
    void take(DeskBatch& batch, AlertBatch& out, Committed& committed);
    void collect_changes(AlertBatch& out, Committed& committed);
    [[nodiscard]] AlertWrite write_of(AlertChange change);
    void deliver(const AlertChange& change, AlertWrite& out);
    [[nodiscard]] Result<> store_now(const AlertBatch& batch, const std::vector<Risen>& risen);
    void sign_of_life(AlertBatch& out, Committed& committed);
    void count_new(const Alert& alert);
    void count_tables();
    void observe_latency(const Committed& committed);

    Options options_;
    AlertDesk desk_;
    std::shared_ptr<const Routing> routing_;
    AlertStore& store_;
    TriageStore* triage_ = nullptr;  // none: replay
    EntryLog* history_ = nullptr;
    asio::any_io_executor store_executor_;
    Metrics& metrics_;
    const Clock& clock_;
    Announce announce_;
    AlertSealer sealer_;
    std::string failure_;
    std::shared_ptr<const Destinations> destinations_ = std::make_shared<const Destinations>();
    std::map<std::string, Timestamp> beats_;  // each lane's newest heartbeat
    Timestamp told_of_life_{};
    std::vector<Finding> own_;
    // As last counted.
    std::uint64_t closed_early_ = 0;
    std::array<std::uint64_t, 5> grouped_{};
    std::map<std::string_view, std::uint64_t> evicted_;
};

}  // namespace kentongan
