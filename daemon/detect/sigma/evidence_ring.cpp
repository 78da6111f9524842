// Walks back along a group's links until they lead to what has been overwritten.
#include "daemon/detect/sigma/evidence_ring.hpp"

#include <algorithm>

namespace kentongan::sigma {

std::vector<std::shared_ptr<const Hit>> EvidenceRing::of(std::uint64_t newest,
                                                         Timestamp since) const {
    std::vector<std::shared_ptr<const Hit>> out;
    for (std::uint64_t number = newest; number != 0 && number + capacity_ > next_;) {
        const Entry& entry = entries_[(number - 1) % capacity_];
        if (out.size() == kMostWalked || entry.hit->time <= since) break;
        out.push_back(entry.hit);
        number = entry.previous;
    }
    std::ranges::reverse(out);
    return out;
}

}  // namespace kentongan::sigma
