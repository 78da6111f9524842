#include "collectors/packet/http/reassembler.hpp"

#include <algorithm>
#include <iterator>

namespace kentongan::packet {

bool Reassembler::take_directly(std::uint32_t sequence, Bytes data) {
    if (sequence != next() || !waiting_.empty()) return false;
    delivered_ += static_cast<std::int64_t>(data.size());
    return true;
}

bool Reassembler::add(std::uint32_t sequence, Bytes data) {
    const std::int64_t distance = static_cast<std::int32_t>(sequence - next());
    if (distance > kWindow || distance < -kWindow) return true;
    std::int64_t at = delivered_ + distance;
    const std::int64_t end = at + static_cast<std::int64_t>(data.size());
    while (at < end) {
        auto after = waiting_.upper_bound(at);
        std::int64_t known = delivered_;  // end of what is known at or before `at`
        if (after != waiting_.begin()) {
            const auto& [offset, bytes] = *std::prev(after);
            known = std::max(known, offset + static_cast<std::int64_t>(bytes.size()));
        }
        if (known > at) {
            data = data.subspan(static_cast<std::size_t>(std::min(known, end) - at));
            at = std::min(known, end);
            continue;
        }
        const std::int64_t until = after == waiting_.end() ? end : std::min(end, after->first);
        const auto part = as_text(data.first(static_cast<std::size_t>(until - at)));
        if (held_ + part.size() + kOverhead > kMaximumBytes || waiting_.size() >= kMaximumSegments)
            return false;
        waiting_.emplace_hint(after, at, part);
        held_ += part.size() + kOverhead;
        data = data.subspan(part.size());
        at = until;
    }
    return true;
}

std::string Reassembler::take() {
    if (waiting_.empty() || waiting_.begin()->first != delivered_) return {};
    std::string out = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    held_ -= out.size() + kOverhead;
    delivered_ += static_cast<std::int64_t>(out.size());
    return out;
}

}  // namespace kentongan::packet
