// SHA-256 of what was read of a file, stretch by stretch.
#include "collectors/log/read_trail.hpp"

#include <algorithm>

namespace kentongan::log {

void ReadTrail::restart(std::uint64_t offset, std::optional<Stretch> known) {
    chunks_.clear();
    marks_.clear();
    (void)hash_.finish();
    begin_ = end_ = offset;
    check_ = 0;
    if (known && known->end > known->begin) chunks_.push_back(*known);
}

void ReadTrail::add(std::span<const char> bytes) {
    while (!bytes.empty()) {
        const auto border = (end_ / kChunk + 1) * kChunk;
        const auto part = bytes.first(std::min<std::uint64_t>(bytes.size(), border - end_));
        hash_.update(std::string_view{part.data(), part.size()});
        end_ += part.size();
        bytes = bytes.subspan(part.size());
        if (end_ == border) complete();
    }
    if (end_ == begin_) return;
    if (marks_.size() >= kMarks) marks_.pop_front();
    marks_.push_back({begin_, end_, hash_.so_far()});
}

void ReadTrail::complete() {
    if (chunks_.size() >= kChunks) chunks_.erase(chunks_.begin());
    chunks_.push_back({begin_, end_, hash_.finish()});
    marks_.clear();
    begin_ = end_;
}

std::optional<Stretch> ReadTrail::newest_within(std::uint64_t size) const {
    const auto fits = [size](const Stretch& stretch) { return stretch.end <= size; };
    if (const auto mark = std::find_if(marks_.rbegin(), marks_.rend(), fits); mark != marks_.rend())
        return *mark;
    if (const auto chunk = std::find_if(chunks_.rbegin(), chunks_.rend(), fits);
        chunk != chunks_.rend())
        return *chunk;
    return std::nullopt;
}

std::optional<Stretch> ReadTrail::next_to_check() {
    if (stretches() == 0) return std::nullopt;
    if (check_ >= stretches()) check_ = 0;
    const auto i = check_++;
    return i < chunks_.size() ? chunks_[i] : marks_.back();
}

void ReadTrail::accept(const Stretch& now) {
    for (Stretch& chunk : chunks_)
        if (chunk.begin == now.begin && chunk.end == now.end) chunk.digest = now.digest;
    if (marks_.empty() || marks_.back().end != now.end || marks_.back().begin != now.begin) return;
    // The running hash cannot be mended: the chunk ends here.
    chunks_.push_back(now);
    if (chunks_.size() > kChunks) chunks_.erase(chunks_.begin());
    marks_.clear();
    (void)hash_.finish();
    begin_ = end_;
}

}  // namespace kentongan::log
