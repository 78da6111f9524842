#pragma once
// Detector: turns events into findings. No I/O, no locks, no clock of its own.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/finding.hpp"
#include "daemon/base/error.hpp"
#include "daemon/event/event.hpp"
#include "daemon/event/log_second.hpp"
#include "daemon/event/traffic.hpp"

namespace kentongan {

/// One instance belongs to one thread: stateless detectors have one on every lane, stateful ones
/// one on the correlate strand, where they see the events of all sources ordered by time.
/// Every keyed table has a cap; what is pushed out is counted in evicted().
class Detector {
  public:
    virtual ~Detector() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Which events it wants; the others never reach it.
    [[nodiscard]] virtual bool wants(EventKind kind) const = 0;
    /// Of the kinds it wants, whether this event matters to it: asked on the lanes, so that of many
    /// web requests only a few reach the correlate strand. From several threads at once.
    [[nodiscard]] virtual bool picks(const Event& /*event*/) const { return true; }
    virtual void inspect(const Event& event, FindingSink& out) = 0;
    virtual void inspect(const TrafficSecond&, FindingSink&) {}
    virtual void inspect(const LogSecond&, FindingSink&) {}
    /// A rule's match on some lane. Ordered like events.
    virtual void inspect_hit(const std::shared_ptr<const Hit>& /*hit*/, FindingSink&) {}
    /// Whether it wants to review() findings.
    [[nodiscard]] virtual bool reviews() const { return false; }
    /// Every finding on its way to the desk, of the lanes and of all detectors, in order. Severity,
    /// message and evidence may be changed; rule, entity and time not.
    virtual void review(Finding& /*finding*/) {}
    /// Event time has reached `now`: windows that ended before it may close. Called in order.
    virtual void advance(Timestamp /*now*/, FindingSink&) {}
    /// Recorded input has ended: what waits for more time to pass is decided as if it had.
    virtual void end_of_input(FindingSink&) {}
    /// State to be kept over a restart, when it has changed since the last call; the store keeps it
    /// in the same transaction as the bookmarks of what it was made from.
    [[nodiscard]] virtual std::optional<std::string> checkpoint() { return std::nullopt; }
    /// Takes up what checkpoint() gave, before the first event. An error: it begins anew.
    [[nodiscard]] virtual Result<> restore(std::string_view /*state*/) { return {}; }
    /// Entries pushed out of full tables while still in use.
    [[nodiscard]] virtual std::uint64_t evicted() const { return 0; }
    /// Entries in its tables now, where their number is of interest.
    [[nodiscard]] virtual std::size_t entries() const { return 0; }
    /// What else operators should know of it: totals since construction, always the same names.
    struct Count {
        std::string_view name;  ///< a literal
        std::uint64_t total = 0;
    };
    [[nodiscard]] virtual std::span<const Count> counts() const { return {}; }
};

/// Inspects the content of a file that a file event names. Blocking; called on scan threads, from
/// several at once.
class FileDetector {
  public:
    virtual ~FileDetector() = default;
    virtual void inspect_file(const Event& event, FindingSink& out) const = 0;
    /// What detectors with state should know of the content, as an event of kind file.
    [[nodiscard]] virtual std::optional<Event> describe(const Event& /*file*/) const {
        return std::nullopt;
    }
};

}  // namespace kentongan
