#include "collectors/packet/stream/reassembler.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "collectors/packet/end_hash.hpp"

namespace kentongan::packet {

namespace {

/// 16 bytes a step in two independent sums. Unkeyed: who can find a collision gains only that a
/// forged segment, which is not read anyway, is not told.
std::uint64_t content_hash(Bytes data) {
    std::uint64_t a = data.size();
    std::uint64_t b = 0x9E3779B97F4A7C15u;
    std::uint64_t words[4];
    for (; data.size() >= sizeof words; data = data.subspan(sizeof words)) {
        std::memcpy(words, data.data(), sizeof words);
        a = mix(a ^ words[0], words[1] ^ 0xA0761D6478BD642Fu);
        b = mix(b ^ words[2], words[3] ^ 0xE7037ED1A0B428DBu);
    }
    std::memset(words, 0, sizeof words);
    if (!data.empty()) std::memcpy(words, data.data(), data.size());
    a = mix(a ^ words[0], words[1] ^ 0xA0761D6478BD642Fu);
    b = mix(b ^ words[2], words[3] ^ 0xE7037ED1A0B428DBu);
    return a ^ b;
}

std::int64_t length_of(const std::string& text) { return static_cast<std::int64_t>(text.size()); }

}  // namespace

void Reassembler::remember(std::int64_t at, Bytes data) {
    if (data.size() < 2) return;  // a single byte may be a keep-alive's, which is not data
    marks_[latest_++ % marks_.size()] = {at, static_cast<std::uint32_t>(data.size()),
                                         content_hash(data)};
}

bool Reassembler::contradicts(std::int64_t at, Bytes data) const {
    const std::int64_t end = at + static_cast<std::int64_t>(data.size());
    return std::ranges::any_of(marks_, [&](const Mark& mark) {
        if (mark.size == 0 || mark.at < at || mark.at + mark.size > end) return false;
        return content_hash(data.subspan(static_cast<std::size_t>(mark.at - at), mark.size)) !=
               mark.hash;
    });
}

bool Reassembler::contradicts_waiting(std::int64_t at, Bytes data) const {
    const std::int64_t end = at + static_cast<std::int64_t>(data.size());
    auto each = waiting_.upper_bound(at);
    if (each != waiting_.begin()) --each;
    for (; each != waiting_.end() && each->first < end; ++each) {
        const auto& [offset, piece] = *each;
        const std::int64_t from = std::max(at, offset);
        const std::int64_t until = std::min(end, offset + length_of(piece.bytes));
        if (from < until &&
            std::memcmp(data.data() + (from - at), piece.bytes.data() + (from - offset),
                        static_cast<std::size_t>(until - from)) != 0)
            return true;
    }
    return false;
}

void Reassembler::pass(Bytes data) {
    remember(delivered_, data);
    delivered_ += static_cast<std::int64_t>(data.size());
}

Reassembler::Added Reassembler::add(std::uint32_t sequence, Bytes data,
                                    std::optional<std::uint32_t> acknowledges) {
    const std::int64_t distance = static_cast<std::int32_t>(sequence - next());
    if (distance > kWindow || distance < -kWindow) return {};
    std::int64_t at = delivered_ + distance;
    const std::int64_t end = at + static_cast<std::int64_t>(data.size());
    Added out;
    out.conflict = (at < delivered_ && contradicts(at, data)) || contradicts_waiting(at, data);
    while (at < end) {
        auto after = waiting_.upper_bound(at);
        std::int64_t known = delivered_;  // end of what is known at or before `at`
        if (after != waiting_.begin()) {
            const auto& [offset, piece] = *std::prev(after);
            known = std::max(known, offset + length_of(piece.bytes));
        }
        if (known > at) {
            data = data.subspan(static_cast<std::size_t>(std::min(known, end) - at));
            at = std::min(known, end);
            continue;
        }
        const std::int64_t until = after == waiting_.end() ? end : std::min(end, after->first);
        const auto part = as_text(data.first(static_cast<std::size_t>(until - at)));
        if (held_ + part.size() + kOverhead > kMaximumBytes ||
            waiting_.size() >= kMaximumSegments) {
            out.room = false;
            out.left_out = data.size();
            return out;
        }
        waiting_.emplace_hint(after, at, Piece{std::string(part), acknowledges});
        held_ += part.size() + kOverhead;
        data = data.subspan(part.size());
        at = until;
    }
    return out;
}

const Reassembler::Piece* Reassembler::head() const {
    if (waiting_.empty() || waiting_.begin()->first != delivered_) return nullptr;
    return &waiting_.begin()->second;
}

Reassembler::Piece Reassembler::take() {
    Piece out = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    held_ -= out.bytes.size() + kOverhead;
    pass(as_bytes(out.bytes));
    return out;
}

std::uint64_t Reassembler::skip_hole() {
    if (waiting_.empty()) return 0;
    const std::int64_t size = waiting_.begin()->first - delivered_;
    delivered_ += size;
    return static_cast<std::uint64_t>(size);
}

std::uint64_t Reassembler::skip_to(std::uint32_t sequence) {
    std::int64_t size = static_cast<std::int32_t>(sequence - next());
    if (!waiting_.empty()) size = std::min(size, waiting_.begin()->first - delivered_);
    if (size <= 0) return 0;
    delivered_ += size;
    return static_cast<std::uint64_t>(size);
}

}  // namespace kentongan::packet
