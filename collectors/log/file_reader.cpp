// Reads one open file on: its lines, and the records they make.
#include "collectors/log/file_reader.hpp"

#include <algorithm>

namespace kentongan::log {

FileReader::FileReader(const SourceParts& parts, std::string_view path,
                       std::unique_ptr<Format> format)
    : parts_(parts),
      emitter_(parts.options, path, std::move(format), parts.zone, parts.tally),
      splitter_(static_cast<std::size_t>(parts.options.line_bytes), parts.chunk),
      joiner_(static_cast<std::size_t>(parts.options.record_bytes),
              static_cast<std::size_t>(parts.options.record_lines)),
      joins_traces_(parts.options.multiline == "stack_trace"),
      emit_([this](const LineSplitter::Line& record) { emitter_.emit(record, *sink_); }) {}

void FileReader::begin(InputFile opened, const Position& from) {
    file_ = std::move(opened);
    emitter_.refer_to(file_->regular() ? file_->facts().changed : parts_.clock.now());
    splitter_.restart(from.offset, from.passing_over);
    forget();
    joiner_.clear();
    show_head(from.offset);
    head_ = file_->head(std::min<std::uint64_t>(from.offset, kFingerprintBytes));
    trail_.restart(from.offset, from.known);
    lines_ = from.lines;
    born_ = to_nanoseconds(file_->born());
}

/// A format with a header needs it when reading begins behind it.
void FileReader::show_head(std::uint64_t offset) {
    constexpr std::size_t kHead = std::size_t{16} << 10;
    if (offset == 0 || !file_->regular()) return;
    const auto bytes = file_->head(kHead);
    const std::string_view head(bytes);
    emitter_.format().begin(head.substr(0, head.rfind('\n') + 1));
}

void FileReader::forget() {
    emitter_.format().forget();
    traces_.forget();
}

Result<std::size_t> FileReader::read(EventSink& sink) {
    const auto* decoder = file_->decoder();
    if (decoder != nullptr && decoder->position() < splitter_.read_offset())
        return pass_over_content();
    const auto room = splitter_.room();
    const auto count = file_->read(room, splitter_.read_offset());
    if (!count) return count;
    const auto bytes = room.first(*count);
    if (head_.size() < kFingerprintBytes && splitter_.read_offset() == head_.size())
        head_.append(bytes.data(), std::min(*count, kFingerprintBytes - head_.size()));
    if (parts_.options.follow) trail_.add(bytes);
    splitter_.added(*count);
    parts_.tally.stats.bytes += *count;
    sink_ = &sink;
    while (const auto line = splitter_.next()) take(*line);
    return count;
}

/// What was read of a compressed file before it was compressed.
Result<std::size_t> FileReader::pass_over_content() {
    const auto left = splitter_.read_offset() - file_->decoder()->position();
    const auto room = splitter_.room();
    return file_->read(room.first(std::min<std::uint64_t>(left, room.size())), 0);
}

/// The format is asked of each line; where it takes lines one by one, a stack trace still joins.
Fit FileReader::fit_of(std::string_view line) {
    const auto fit = emitter_.format().fit(line);
    return joins_traces_ && fit == Fit::alone ? traces_.fit(line) : fit;
}

void FileReader::take(LineSplitter::Line line) {
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    const auto fit = fit_of(line.text);
    joiner_.take(line, fit, emit_);
    ++lines_;
    // Complete only because it was too long: what follows is read as after a restart.
    const bool goes_on = fit == Fit::begins || fit == Fit::continues;
    if (goes_on && !joiner_.pending()) forget();
}

void FileReader::finish(EventSink& sink) {
    sink_ = &sink;
    if (const auto line = splitter_.last()) take(*line);
    give_pending(sink);
}

void FileReader::give_pending(EventSink& sink) {
    sink_ = &sink;
    joiner_.finish(emit_);
    forget();
}

Position FileReader::position() const {
    Position out;
    out.inode = file_->facts().inode;
    out.offset = pending() ? joiner_.offset() : splitter_.offset();
    out.fingerprint_bytes = head_.size();
    out.fingerprint = fingerprint_of(head_);
    out.lines = lines_ - joiner_.lines();
    out.passing_over = !pending() && splitter_.passing_over();
    out.time = to_nanoseconds(emitter_.newest());
    out.format = emitter_.format().name();
    out.known = trail_.newest();
    out.born = born_;
    return out;
}

std::uint64_t FileReader::behind() const {
    if (!file_ || !file_->regular()) return 0;
    const auto size = file_->facts().size;
    const auto* decoder = file_->decoder();
    const auto at = decoder == nullptr ? splitter_.offset() : decoder->consumed();
    return size - std::min(size, at);
}

}  // namespace kentongan::log
