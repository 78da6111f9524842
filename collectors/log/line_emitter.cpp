// From a line to an event in the sink, counted.
#include "collectors/log/line_emitter.hpp"

#include <algorithm>
#include <utility>

namespace kentongan::log {

namespace {

std::string_view lasting(const std::string& text) {
    return text.empty() ? std::string_view{} : intern_text(text);
}

}  // namespace

LineEmitter::LineEmitter(const Options& options, std::string_view source,
                         std::unique_ptr<Format> format, std::chrono::seconds zone, Tally& tally)
    : source_(source),
      fallback_{lasting(options.category), lasting(options.product), lasting(options.service)},
      format_(std::move(format)),
      tally_(tally) {
    context_.zone = zone;
    context_.source = source;
}

void LineEmitter::refer_to(Timestamp time) {
    if (!context_.reference_is_event) context_.reference = time;
}

void LineEmitter::resume(Timestamp time) {
    if (time == Timestamp{}) return;
    newest_ = time;
    context_.reference = time;
    context_.reference_is_event = true;
}

void LineEmitter::emit(const LineSplitter::Line& line, EventSink& sink) {
    const auto result = read_line(*format_, line.text, context_, event_);
    count(result, line.cut);
    if (result == ParseResult::blank) return;
    hand_on(line.offset, sink);
    while (read_another(*format_, context_, event_)) hand_on(line.offset, sink);
}

void LineEmitter::hand_on(std::uint64_t offset, EventSink& sink) {
    event_.origin = {source_, offset + context_.event_offset};
    auto& source = event_.logsource;
    if (source.category.empty()) source.category = fallback_.category;
    if (source.product.empty()) source.product = fallback_.product;
    if (source.service.empty()) source.service = fallback_.service;
    newest_ = std::max(newest_, event_.time);
    for (unsigned i = 0; i < context_.repeat; ++i) sink.emit(event_);
}

void LineEmitter::count(ParseResult result, bool cut) {
    Stats& stats = tally_.stats;
    stats.left_out += std::exchange(context_.left_out, 0);
    ++stats.lines;
    if (cut)
        ++stats.oversize;
    else if (result == ParseResult::parsed)
        ++stats.parsed;
    else if (result == ParseResult::unparsed)
        ++stats.unparsed;
    else
        ++stats.blank;
}

}  // namespace kentongan::log
