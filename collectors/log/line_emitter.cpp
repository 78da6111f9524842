// From a line to an event in the sink, counted.
#include "collectors/log/line_emitter.hpp"

#include <algorithm>

namespace kentongan::log {

namespace {

std::string_view lasting(const std::string& text) {
    return text.empty() ? std::string_view{} : intern_text(text);
}

}  // namespace

LineEmitter::LineEmitter(const Options& options, std::string_view source, std::string_view name,
                         std::unique_ptr<Format> format, std::chrono::seconds zone,
                         Metrics& metrics)
    : source_(source),
      fallback_{lasting(options.category), lasting(options.product), lasting(options.service)},
      format_(std::move(format)),
      parsed_(metrics.log_lines.with({name, "parsed"})),
      unparsed_(metrics.log_lines.with({name, "unparsed"})),
      oversize_(metrics.log_lines.with({name, "oversize"})),
      blank_(metrics.log_lines.with({name, "blank"})),
      bytes_(metrics.log_bytes.with({name})),
      left_out_(metrics.log_values_left_out.with({name})) {
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
    ++stats_.lines;
    if (cut)
        ++stats_.oversize;
    else if (result == ParseResult::parsed)
        ++stats_.parsed;
    else if (result == ParseResult::unparsed)
        ++stats_.unparsed;
    else
        ++stats_.blank;
}

void LineEmitter::publish() {
    stats_.left_out = context_.left_out;
    const auto add = [](Counter& counter, std::uint64_t now, std::uint64_t before) {
        if (now != before) counter.add(static_cast<double>(now - before));
    };
    add(parsed_, stats_.parsed, published_.parsed);
    add(unparsed_, stats_.unparsed, published_.unparsed);
    add(oversize_, stats_.oversize, published_.oversize);
    add(blank_, stats_.blank, published_.blank);
    add(bytes_, stats_.bytes, published_.bytes);
    add(left_out_, stats_.left_out, published_.left_out);
    published_ = stats_;
}

}  // namespace kentongan::log
