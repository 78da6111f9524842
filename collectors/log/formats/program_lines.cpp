// From the lines of a container's log to the records of the program in it.
#include "collectors/log/formats/program_lines.hpp"

#include <utility>

namespace kentongan::log {

Fit ContainerPieces::fit(std::string_view line, Format& inner) {
    ContainerLine piece;
    if (!read_container_line(line, scratch_, piece)) return any() ? Fit::continues : Fit::alone;
    auto& open = open_[stream_number(piece.stream)];
    const bool pending = any();
    if (open.unfinished) {
        open.unfinished = piece.partial;
        return !any() && std::exchange(open.ends, false) ? Fit::ends : Fit::continues;
    }
    const Fit fit = inner.fit(piece.text);
    if (!piece.partial) return pending ? Fit::continues : fit;
    open = {true, fit == Fit::alone || fit == Fit::ends};
    if (pending || fit == Fit::continues || fit == Fit::ends) return Fit::continues;
    return Fit::begins;
}

ProgramRecords::Record& ProgramRecords::add(std::size_t offset) {
    if (count_ == records_.size()) records_.emplace_back();
    Record& record = records_[count_++];
    record.text.clear();
    record.offset = offset;
    record.stream = 0;
    record.time.reset();
    record.known = true;
    return record;
}

void ProgramRecords::take(std::string_view line, std::size_t offset) {
    ContainerLine piece;
    if (!read_container_line(line, scratch_, piece)) {
        Record& other = add(offset);
        other.text = line;
        other.known = false;
        return;
    }
    auto& open = open_[stream_number(piece.stream)];
    if (open == kNone) {
        open = count_;
        Record& begun = add(offset);
        begun.stream = stream_number(piece.stream);
        begun.time = piece.time;
    }
    records_[open].text += piece.text;
    if (!piece.partial) open = kNone;
}

/// Lines that belong together become one record, in place.
void ProgramRecords::join(Format& joining) {
    joining.forget();
    const auto lines = std::exchange(count_, 0);
    bool pending = false;
    for (std::size_t i = 0; i < lines; ++i) {
        const Fit fit = records_[i].known ? joining.fit(records_[i].text) : Fit::alone;
        const bool joins = (fit == Fit::continues || fit == Fit::ends) && pending;
        if (joins) {
            records_[count_ - 1].text.append("\n").append(records_[i].text);
        } else {
            if (count_ != i) std::swap(records_[count_], records_[i]);
            ++count_;
        }
        pending = fit == Fit::begins || fit == Fit::continues;
    }
    joining.forget();
}

void ProgramRecords::read(std::string_view block, Format& joining) {
    count_ = 0;
    open_ = {kNone, kNone};
    std::size_t at = 0;
    while (at < block.size()) {
        auto line = block.substr(at, block.find('\n', at) - at);
        const auto length = line.size();
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.empty()) take(line, at);
        at += length + 1;
    }
    if (count_ > 1) join(joining);
}

}  // namespace kentongan::log
