#pragma once
// LogCollector: the log files of one source, read to their ends or followed through rotations.
#include <memory>
#include <optional>

#include "collectors/collector.hpp"
#include "collectors/log/format.hpp"
#include "collectors/log/options.hpp"

namespace kentongan {
struct Metrics;
}

namespace kentongan::log {

/// Every record becomes an event, in the order of its file; blank lines are counted only. Each
/// flush's bookmark covers exactly the records emitted up to it, so with the store's transaction no
/// line is lost or doubled over a restart. The watermark is the newest event time so far, of
/// several files that of the one that is furthest behind: a line whose time steps back keeps its
/// time and comes late.
///
/// Following survives rename (the old file is drained first), compression, and copytruncate, where
/// what was written between the copying and the truncation is lost, as for every reader. The
/// memory of `auto` and the reference time come back with the bookmark. Truncation, rewriting and
/// removal of a log are events of their own (log_notice.hpp).
class LogCollector final : public Collector {
  public:
    /// Errors: an unknown format, zone, start or multiline, a cap out of range, no path. `resume`
    /// is what an earlier run's last flush gave; one that cannot be read is an error (data).
    [[nodiscard]] static Result<std::unique_ptr<LogCollector>> make(
        Options options, Metrics& metrics, const Clock& clock,
        std::optional<Bookmark> resume = std::nullopt);
    ~LogCollector() override;

    [[nodiscard]] std::string_view name() const override;
    [[nodiscard]] Task<Result<>> run(EventSink& sink) override;
    [[nodiscard]] const Stats& stats() const;

  private:
    struct Impl;
    explicit LogCollector(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan::log
