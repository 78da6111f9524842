#pragma once
// From a line to an event in the sink, counted.
#include "collectors/log/line_splitter.hpp"
#include "collectors/log/log_collector.hpp"
#include "daemon/metrics/metrics.hpp"

namespace kentongan::log {

/// One input's parser, context and counts.
class LineEmitter {
  public:
    LineEmitter(const Options& options, std::string_view source, std::string_view name,
                std::unique_ptr<Format> format, std::chrono::seconds zone, Metrics& metrics);

    void emit(const LineSplitter::Line& line, EventSink& sink);
    /// Carries the counts since the last call over to the metrics.
    void publish();

    /// The reference time before the first event.
    void refer_to(Timestamp time);
    /// Goes on after a restart: `time` is the newest event's.
    void resume(Timestamp time);

    [[nodiscard]] Timestamp newest() const { return newest_; }
    [[nodiscard]] std::string_view format() const { return format_->name(); }
    [[nodiscard]] Stats& stats() { return stats_; }

  private:
    void count(ParseResult result, bool cut);
    void hand_on(std::uint64_t offset, EventSink& sink);

    std::string_view source_;
    LogSource fallback_;
    std::unique_ptr<Format> format_;
    ParseContext context_;
    Event event_;
    Timestamp newest_{};
    Stats stats_;
    Stats published_;
    Counter parsed_;
    Counter unparsed_;
    Counter oversize_;
    Counter blank_;
    Counter bytes_;
    Counter left_out_;
};

}  // namespace kentongan::log
