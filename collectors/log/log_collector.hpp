#pragma once
// LogCollector: one log file, read to its end or followed through rotations.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "collectors/collector.hpp"
#include "collectors/log/format.hpp"

namespace kentongan {
struct Metrics;
}

namespace kentongan::log {

/// The settings table [log.NAME], and what the program adds.
struct Options {
    std::string name;  ///< NAME; the collector is "log:NAME". Empty: the path
    std::string path;  ///< "-": standard input, in replay
    std::string format = "auto";
    std::string zone = "+07:00";
    std::string start = "begin";  ///< or "end": a file never read before is read from its end
    std::string category;         ///< Sigma logsource, where the format does not say
    std::string product;
    std::string service;
    std::map<std::string, std::string> fields;  ///< JSON key path to field name
    std::int64_t line_bytes = 65536;            ///< 256 to 16 MiB
    bool follow = false;
    std::chrono::milliseconds poll{1000};  ///< longest time between two looks, follow only
    /// Told once per change of state, in a sentence that names the file ("reading …", "… is
    /// missing"); called on the lane.
    std::function<void(std::string_view)> on_state;
};

/// Totals of a run, for `replay --stats`. Written by the lane.
struct Stats {
    std::uint64_t lines = 0;  ///< the four below together
    std::uint64_t parsed = 0;
    std::uint64_t unparsed = 0;
    std::uint64_t oversize = 0;  ///< cut at line_bytes
    std::uint64_t blank = 0;     ///< no event
    std::uint64_t bytes = 0;
    std::uint64_t renames = 0;
    std::uint64_t truncations = 0;
    std::uint64_t missed = 0;    ///< the file of the bookmark was not to be found any more
    std::uint64_t left_out = 0;  ///< values over a format's caps
};

/// Every line becomes an event, in the order of the file; blank lines are counted only. Each
/// flush's bookmark covers exactly the lines emitted up to it, so with the store's transaction no
/// line is lost or doubled over a restart. The watermark is the newest event time so far: a line
/// whose time steps back keeps its time and comes late.
///
/// Following survives rename (the old file is drained first) and copytruncate, where what was
/// written between the last look and the truncation is lost, as for every reader. The memory of
/// `auto` and the reference time come back with the bookmark.
class LogCollector final : public Collector {
  public:
    /// Errors: an unknown format, zone or start, line_bytes out of range, no path. `resume` is what
    /// an earlier run's last flush gave; one that cannot be read is an error (data).
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
