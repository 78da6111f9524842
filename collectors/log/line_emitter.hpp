#pragma once
// From a line to an event in the sink, counted.
#include "collectors/collector.hpp"
#include "collectors/log/format.hpp"
#include "collectors/log/line_splitter.hpp"
#include "collectors/log/tally.hpp"

namespace kentongan::log {

/// One input's parser, context and counts.
class LineEmitter {
  public:
    /// `source`: the origin of the events, interned. `tally` outlives this.
    LineEmitter(const Options& options, std::string_view source, std::unique_ptr<Format> format,
                std::chrono::seconds zone, Tally& tally);

    void emit(const LineSplitter::Line& line, EventSink& sink);
    /// The reference time before the first event.
    void refer_to(Timestamp time);
    /// Goes on after a restart: `time` is the newest event's.
    void resume(Timestamp time);

    [[nodiscard]] Timestamp newest() const { return newest_; }
    [[nodiscard]] Format& format() { return *format_; }
    [[nodiscard]] const Format& format() const { return *format_; }

  private:
    void count(ParseResult result, bool cut);
    void hand_on(std::uint64_t offset, EventSink& sink);

    std::string_view source_;
    LogSource fallback_;
    std::unique_ptr<Format> format_;
    ParseContext context_;
    Event event_;
    Timestamp newest_{};
    Tally& tally_;
};

}  // namespace kentongan::log
