#pragma once
// One life of one peering, in a process of its own: connect, hand on, end when the peer is lost.
#include "collectors/zeek/bridge/settings.hpp"

namespace kentongan::bridge {

/// Exit statuses a supervisor tells apart.
enum WorkerEnd : int {
    kStopped = 0,       ///< asked to
    kNeverPeered = 69,  ///< refused, or no answer within the deadline
    kLostPeer = 75,     ///< after a peering that worked
};

/// Never returns: leaves the process by _Exit, because libbroker may not let go. What changes is
/// said in one line each on stderr.
[[noreturn]] void run_worker(const Settings& settings, const Peer& peer);

}  // namespace kentongan::bridge
