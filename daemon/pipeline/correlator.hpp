#pragma once
// Correlator: the one place with state across sources. It takes the lanes' batches in order, runs
// the stateful detectors and hands findings, bookmarks and heartbeats to the desk.
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/async/channel.hpp"
#include "daemon/detect/detector.hpp"
#include "daemon/metrics/metrics.hpp"
#include "daemon/pipeline/detector_counts.hpp"
#include "daemon/pipeline/flow.hpp"

namespace kentongan {

/// How the correlator orders what it gets.
enum class Order {
    /// Recorded input: one channel per source, merged by (event time, source, position); event
    /// time is the time of the item at hand. The number of lanes changes nothing.
    event_time,
    /// Live input: one channel for all sources, taken as it comes; event time is the least
    /// watermark of the sources, a source with nothing to say counting as up to date.
    arrival,
};

/// Lives on the correlate strand.
class Correlator final : private FindingSink {
  public:
    Correlator(Order order, std::vector<std::unique_ptr<Detector>> detectors,
               Channel<DeskBatch>& out, Metrics& metrics, const Clock& clock);

    /// Kinds of events that any detector here wants.
    [[nodiscard]] KindSet wanted() const;
    /// Whether any of them wants this very event. From any thread.
    [[nodiscard]] bool picks(const Event& event) const;

    /// Until every input is finished and empty.
    [[nodiscard]] Task<Result<>> run(std::vector<Channel<LaneBatch>*> inputs);

  private:
    /// The batch at the front of one input.
    struct Head {
        Channel<LaneBatch>* input = nullptr;
        std::optional<LaneBatch> batch;
        std::size_t at = 0;
        bool open = true;
    };
    using Key = std::pair<Timestamp, std::size_t>;

    [[nodiscard]] Task<> fill(Head& head);
    [[nodiscard]] static std::optional<Key> key_of(const Head& head, std::size_t index);
    void take_run(Head& head, std::size_t index, std::optional<Key> bound);
    void take(Item& item);
    void take(const Event& event);
    void end_batch(LaneBatch& batch);
    void advance(Timestamp now);
    void follow_watermarks(const LaneBatch& batch);
    [[nodiscard]] Task<> hand_over();
    void report(Finding finding) override;

    const Order order_;
    static constexpr auto kHeartbeat = static_cast<std::size_t>(EventKind::heartbeat);
    std::vector<std::unique_ptr<Detector>> detectors_;
    std::array<std::vector<Detector*>, kHeartbeat> by_kind_;  // those that want the kind
    std::vector<Detector*> reviewers_;
    Channel<DeskBatch>& out_;
    Metrics& metrics_;
    const Clock& clock_;
    Counter items_in_;
    Counter findings_out_;
    DeskBatch pending_;
    Timestamp now_{};
    std::vector<std::optional<Timestamp>> watermarks_;  // of each live source
    DetectorCounts counts_;
};

}  // namespace kentongan
