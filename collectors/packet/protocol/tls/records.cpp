#include "collectors/packet/protocol/tls/records.hpp"

#include <algorithm>

namespace kentongan::packet::tls {

namespace {

constexpr std::size_t kLargestRecord = 16384 + 2048;
constexpr std::size_t kMessageHead = 4;

Bytes take_up_to(Bytes& input, std::size_t count) {
    const Bytes out = input.first(std::min(count, input.size()));
    input = input.subspan(out.size());
    return out;
}

}  // namespace

bool RecordReader::read_header(Bytes& input) {
    const Bytes part = take_up_to(input, header_.size() - header_bytes_);
    std::ranges::copy(part, header_.begin() + static_cast<std::ptrdiff_t>(header_bytes_));
    header_bytes_ += part.size();
    if (header_bytes_ < header_.size()) return false;
    left_ = std::size_t{header_[3]} << 8 | header_[4];
    const bool known = header_[0] >= 20 && header_[0] <= 23;
    broken_ = !known || header_[1] != 3 || header_[2] > 4 || left_ > kLargestRecord ||
              (left_ == 0 && header_[0] != 23);
    return !broken_;
}

std::optional<Piece> RecordReader::next(Bytes& input) {
    if (broken_ || input.empty()) return std::nullopt;
    const bool fresh = header_bytes_ < header_.size();
    if (fresh && !read_header(input)) return std::nullopt;
    if (left_ > 0 && input.empty()) return std::nullopt;
    Piece out;
    out.type = static_cast<ContentType>(header_[0]);
    out.record_bytes = static_cast<std::uint16_t>(header_[3] << 8 | header_[4]);
    out.data = take_up_to(input, left_);
    left_ -= out.data.size();
    out.ends = left_ == 0;
    if (out.ends) header_bytes_ = 0;
    return out;
}

std::optional<MessageReader::Message> MessageReader::next(Bytes& fragment) {
    pending_.drop(std::exchange(taken_, 0));
    while (!fragment.empty()) {
        if (passing_over_ > 0) {
            passing_over_ -= take_up_to(fragment, passing_over_).size();
            continue;
        }
        if (pending_.size() < kMessageHead) {
            (void)pending_.append(take_up_to(fragment, kMessageHead - pending_.size()));
            if (pending_.size() < kMessageHead) return std::nullopt;
        }
        const Bytes head = pending_.view();
        const std::size_t size =
            std::size_t{head[1]} << 16 | std::size_t{head[2]} << 8 | std::size_t{head[3]};
        if (size > kLargest) {
            pending_.clear();
            passing_over_ = size;
            continue;
        }
        (void)pending_.append(take_up_to(fragment, kMessageHead + size - pending_.size()));
        if (pending_.size() < kMessageHead + size) return std::nullopt;
        taken_ = kMessageHead + size;
        return Message{pending_.view()[0], pending_.view().subspan(kMessageHead, size)};
    }
    return std::nullopt;
}

}  // namespace kentongan::packet::tls
