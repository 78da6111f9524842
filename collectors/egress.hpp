#pragma once
// Which way a connection goes, where a sensor between networks cannot say.
#include "daemon/event/event.hpp"

namespace kentongan {

/// From one of ours (private or loopback) to an address outside: what a proxy would have seen. All
/// else is towards a server of ours, those with public addresses included.
[[nodiscard]] bool is_egress(const Event& event);

}  // namespace kentongan
