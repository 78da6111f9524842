// Joins lines into records as the format says they belong together.
#include "collectors/log/record_joiner.hpp"

#include <algorithm>

namespace kentongan::log {

void RecordJoiner::take(const LineSplitter::Line& line, Fit fit, const Emit& emit) {
    const bool joins = fit == Fit::continues || fit == Fit::ends;
    if (!joins) finish(emit);
    if (fit == Fit::alone || (fit == Fit::ends && !pending())) return emit(line);
    append(line);
    if (fit == Fit::ends || lines_ >= record_lines_) finish(emit);
}

void RecordJoiner::finish(const Emit& emit) {
    if (!pending()) return;
    lines_ = 0;
    emit({text_, offset_, cut_});
    clear();
}

void RecordJoiner::clear() {
    text_.clear();
    lines_ = 0;
    cut_ = false;
}

void RecordJoiner::append(const LineSplitter::Line& line) {
    if (lines_ == 0) offset_ = line.offset;
    if (lines_ > 0 && text_.size() < record_bytes_) text_ += '\n';
    const auto room = record_bytes_ - std::min(record_bytes_, text_.size());
    text_ += line.text.substr(0, room);
    cut_ = cut_ || line.cut || line.text.size() > room;
    ++lines_;
}

}  // namespace kentongan::log
