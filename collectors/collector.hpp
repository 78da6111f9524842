#pragma once
// What every source of events is, and what it is given to put them into.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"
#include "daemon/event/event.hpp"
#include "daemon/event/traffic.hpp"

namespace kentongan {

/// Where a source can be taken up again. `state` is the source's own JSON; the store keeps it in
/// the same transaction as the alerts of everything before it.
struct Bookmark {
    std::string source;  ///< the collector's name()
    std::string state;
};

/// A lane's door. One sink serves one collector, on that collector's lane.
class EventSink {
  public:
    virtual ~EventSink() = default;
    /// Detectors that need no state run at once; the event may be reused after the call.
    virtual void emit(const Event& event) = 0;
    virtual void emit(TrafficSecond second) = 0;
    /// Whether anyone reads events of this kind now: what is costly to make need not be made else.
    [[nodiscard]] virtual bool wants(EventKind /*kind*/) const { return true; }

    /// Hands what was emitted since the last flush to the next stage and waits while that is full:
    /// the back-pressure of a source that can wait. `watermark`: no later event of this source
    /// will be older. Call at least once a second while alive, and after each batch.
    [[nodiscard]] virtual Task<> flush(Timestamp watermark,
                                       std::optional<Bookmark> bookmark = std::nullopt) = 0;

    /// The same for a source that cannot wait (live packets): when the next stage is full, what was
    /// emitted is dropped, counted, and false returned.
    [[nodiscard]] virtual bool offer(Timestamp watermark) = 0;

    /// Paths of files that file events named and in whose content a rule found something, since the
    /// last call; complete once flush() has returned.
    [[nodiscard]] virtual std::vector<std::string> take_flagged_files() { return {}; }
};

/// A source of events. Every loss is counted. Lives on one lane.
class Collector {
  public:
    virtual ~Collector() = default;
    /// Unique among the collectors of a run, stable over restarts: "log:auth", "pcap:lo".
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Runs until the input ends (recorded input) or the task is cancelled (live input). What the
    /// input did wrong is counted; an error is for what a person has to mend.
    [[nodiscard]] virtual Task<Result<>> run(EventSink& sink) = 0;
};

/// What a collector has seen, for metrics and `replay --stats`. Written by its lane only, read by
/// any thread.
struct CollectorStats;

}  // namespace kentongan
