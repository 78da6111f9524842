// What to do next with a file that grows, is rotated and truncated.
#include "collectors/log/tail.hpp"

#include <algorithm>

namespace kentongan::log {

TailStep Tail::decide(const Sighting& seen, std::uint64_t offset) {
    if (pausing(seen)) return TailStep::wait;
    if (seen.open_inode == 0) return seen.path_inode == 0 ? TailStep::wait : TailStep::open;
    const bool truncated = seen.open_size < offset || seen.head_changed;
    if (truncated || seen.open_size > offset) {
        quiet_ticks_ = pending_ticks_ = 0;
        return truncated ? TailStep::restart : TailStep::read;
    }
    if (pending_for_long(seen)) return TailStep::give_out;
    if (seen.path_inode == 0 || seen.path_inode == seen.open_inode) {
        quiet_ticks_ = 0;
        return TailStep::wait;
    }
    if (seen.tick) ++quiet_ticks_;
    if (quiet_ticks_ < kGraceTicks && !seen.complete && !seen.superseded) return TailStep::wait;
    quiet_ticks_ = 0;
    return TailStep::next;
}

bool Tail::pending_for_long(const Sighting& seen) {
    if (!seen.pending) pending_ticks_ = 0;
    if (seen.pending && seen.tick) ++pending_ticks_;
    return pending_ticks_ >= kPendingTicks;
}

bool Tail::pausing(const Sighting& seen) {
    if (seen.changed) pause_ = 0;
    if (seen.tick && pause_ > 0) --pause_;
    return pause_ > 0;
}

void Tail::failed() {
    pause_ = std::min(1u << std::min(failures_, 6u), kLongestPauseTicks);
    ++failures_;
}

void Tail::succeeded() { failures_ = pause_ = 0; }

}  // namespace kentongan::log
