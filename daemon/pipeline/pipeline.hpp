#pragma once
// Pipeline: collectors -> lanes -> correlator -> desk -> store, joined by bounded channels. The
// only place that knows this order.
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <vector>

#include "daemon/pipeline/correlator.hpp"
#include "daemon/pipeline/desk_stage.hpp"
#include "daemon/pipeline/lane.hpp"

namespace kentongan {

/// Lives on the loop. Build, add() the collectors, run() once.
class Pipeline {
  public:
    struct Options {
        Order order = Order::arrival;
        std::size_t lanes = 1;                   ///< at least 1
        std::size_t scan_threads = 2;            ///< for hashing and YARA on files
        std::size_t queued_batches = 64;         ///< room of each channel
        std::chrono::milliseconds heartbeat{0};  ///< each lane's pulse; 0: none (replay)
        std::uint64_t seed = 0;                  ///< of hashes; secret when live
    };

    Pipeline(asio::any_io_executor loop, Options options, const RuleSlot& rules,
             std::vector<std::unique_ptr<Detector>> stateful, Metrics& metrics, const Clock& clock);
    ~Pipeline();

    /// For collectors that hash files, and for loading rules.
    [[nodiscard]] asio::any_io_executor scan_executor() { return scan_.get_executor(); }

    /// Sources go to lanes in turn.
    void add(std::unique_ptr<Collector> collector);

    /// Until every source has ended (or stop() was called) and all that was in flight is stored.
    /// The failures of sources (in live order the first one stops the others) and of the desk.
    [[nodiscard]] Task<std::vector<Error>> run(DeskStage& desk);

    /// Ends live sources; run() then drains. On the loop.
    void stop();

    /// Refreshes the queue gauges. On the loop, each second or so.
    void measure() const;

  private:
    [[nodiscard]] Channel<LaneBatch>& channel_for_source();
    void build_sinks();
    [[nodiscard]] Task<> run_correlator();
    [[nodiscard]] Task<> join_lane(Lane& lane, std::vector<Error>& failures);

    asio::any_io_executor loop_;
    const Options options_;
    const RuleSlot& rules_;
    Metrics& metrics_;
    const Clock& clock_;
    std::vector<std::unique_ptr<Collector>> collectors_;
    std::vector<std::unique_ptr<Channel<LaneBatch>>> inputs_;
    Channel<DeskBatch> to_desk_;
    Correlator correlator_;
    asio::thread_pool scan_;
    LoopThread correlate_{"correlate"};
    std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace kentongan
