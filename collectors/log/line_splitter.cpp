// Cuts bytes as they are read into lines.
#include "collectors/log/line_splitter.hpp"

#include <algorithm>
#include <cstring>

namespace kentongan::log {

namespace {
constexpr std::size_t kLeastRoom = std::size_t{64} << 10;
}  // namespace

LineSplitter::LineSplitter(std::size_t line_bytes, std::size_t chunk)
    : line_bytes_(std::max<std::size_t>(line_bytes, 1)),
      chunk_(std::max(chunk, line_bytes_ + kLeastRoom)) {}

void LineSplitter::release() {
    if (begin_ != end_) return;
    base_ += begin_;
    begin_ = scanned_ = end_ = 0;
    buffer_ = {};
}

void LineSplitter::restart(std::uint64_t offset, bool passing_over) {
    base_ = offset;
    begin_ = scanned_ = end_ = 0;
    passing_over_ = passing_over;
}

std::span<char> LineSplitter::room() {
    if (buffer_.size() < chunk_) buffer_.resize(chunk_);
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        base_ += begin_;
        end_ -= begin_;
        scanned_ -= begin_;
        begin_ = 0;
    }
    // next() leaves less than line_bytes_ behind, so there is room.
    if (buffer_.size() - end_ < kLeastRoom) buffer_.resize(end_ + kLeastRoom);
    return {buffer_.data() + end_, buffer_.size() - end_};
}

void LineSplitter::added(std::size_t count) { end_ += count; }

/// Passes over the rest of a line that was cut; false when its newline has not come yet.
bool LineSplitter::pass_over() {
    const auto* found =
        static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\n', end_ - begin_));
    begin_ = found == nullptr ? end_ : static_cast<std::size_t>(found - buffer_.data()) + 1;
    scanned_ = begin_;
    passing_over_ = found == nullptr;
    return !passing_over_;
}

LineSplitter::Line LineSplitter::take(std::size_t length, std::size_t advance) {
    const bool cut = length > line_bytes_;
    const Line line{{buffer_.data() + begin_, std::min(length, line_bytes_)}, offset(), cut};
    begin_ += advance;
    scanned_ = begin_;
    return line;
}

std::optional<LineSplitter::Line> LineSplitter::next() {
    if (passing_over_ && !pass_over()) return std::nullopt;
    if (scanned_ == begin_) {
        while (begin_ < end_ && buffer_[begin_] == '\0') ++begin_;
        scanned_ = begin_;
    }
    const auto* found =
        static_cast<const char*>(std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_));
    if (found != nullptr) {
        const auto length = static_cast<std::size_t>(found - buffer_.data()) - begin_;
        return take(length, length + 1);
    }
    scanned_ = end_;
    if (end_ - begin_ <= line_bytes_) return std::nullopt;
    passing_over_ = true;
    return take(end_ - begin_, line_bytes_);
}

std::optional<LineSplitter::Line> LineSplitter::last() {
    if (passing_over_ || begin_ == end_) {
        begin_ = scanned_ = end_;
        return std::nullopt;
    }
    return take(end_ - begin_, end_ - begin_);
}

}  // namespace kentongan::log
