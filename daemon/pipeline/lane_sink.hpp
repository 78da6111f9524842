#pragma once
// LaneSink: a source's door into the pipeline. Stateless detectors run here, on the lane, on every
// event; what the correlator wants is queued for it.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/async/channel.hpp"
#include "daemon/detect/anomaly/series/log_aggregator.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/pipeline/detector_counts.hpp"
#include "daemon/pipeline/flow.hpp"
#include "daemon/pipeline/rule_slot.hpp"

namespace kentongan {

/// Used by one lane. Files named by events are scanned on the `scan` executor during flush.
class LaneSink final : public EventSink, private FindingSink {
  public:
    struct Options {
        std::size_t source = 0;
        std::string source_name;
        KindSet forwarded;  ///< kinds of events the correlator wants
        asio::any_io_executor scan;
        std::size_t scans_at_once = 2;
        bool is_log = false;     ///< its events are counted into LogSeconds
        std::uint64_t seed = 0;  ///< of the hashes in those; one for all sources
        /// Which events of those kinds; none: all. Called on this lane, as on others.
        std::function<bool(const Event&)> picks{};
    };

    LaneSink(Options options, const RuleSlot& rules, Channel<LaneBatch>& out, Metrics& metrics);

    void emit(const Event& event) override;
    void emit(TrafficSecond second) override;
    [[nodiscard]] bool wants(EventKind kind) const override {
        const auto index = static_cast<std::size_t>(kind);
        return !by_kind_[index].empty() || options_.forwarded.test(index);
    }
    [[nodiscard]] Task<> flush(Timestamp watermark, std::optional<Bookmark> bookmark) override;
    [[nodiscard]] bool offer(Timestamp watermark) override;
    [[nodiscard]] std::vector<std::string> take_flagged_files() override {
        return std::exchange(flagged_, {});
    }

    /// The last flush of a source that ended by itself.
    [[nodiscard]] Task<> finish();

  private:
    void report(Finding finding) override;
    void report_hit(std::shared_ptr<const Hit> hit) override;
    void inspect(const Event& event);
    void forward(const Event& event);
    void queue(LogSecond second);
    void refresh_rules();
    [[nodiscard]] Task<> scan_files();
    [[nodiscard]] LaneBatch take_batch(Timestamp watermark);
    void publish_counts();
    void publish_rules();

    Options options_;
    const RuleSlot& rules_;
    Channel<LaneBatch>& out_;
    Metrics& metrics_;
    std::uint64_t generation_ = 0;
    std::shared_ptr<const Rulebook> book_;
    std::vector<std::unique_ptr<Detector>> detectors_;
    DetectorCounts counts_;
    std::map<std::shared_ptr<const Rule>, std::uint64_t> fired_;  // since the last batch
    struct Timed {
        Detector* detector;
        Histogram seconds;
    };
    std::vector<std::vector<Timed>> by_kind_;
    std::uint64_t inspected_ = 0;
    std::optional<anomaly::LogAggregator> log_;
    std::uint64_t log_evicted_ = 0;  // as last counted
    std::vector<Item> items_;
    std::vector<Event> files_;
    std::vector<std::string> flagged_;  // files with a finding
    Timestamp watermark_{};
    std::vector<Counter> event_counters_;
    Counter items_in_;
    Counter items_out_;
    Counter dropped_;
    double emitted_ = 0;
    std::array<std::uint64_t, KindSet{}.size()> emitted_kinds_{};
};

}  // namespace kentongan
