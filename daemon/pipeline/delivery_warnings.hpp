#pragma once
// What settings of destinations allow and hardly anybody wants.
#include <string>
#include <vector>

#include "daemon/alert/routing.hpp"
#include "daemon/config/config.hpp"

namespace kentongan {

/// A sentence each, in the order of the destinations' names: alerts of class insider go where the
/// people they are about may read them; a destination is to get signs of life or daily figures, and
/// its form has none.
[[nodiscard]] std::vector<std::string> delivery_warnings(const Config& config,
                                                         const Routing& routing);

/// Whether its form has a place for daily figures.
[[nodiscard]] bool carries_figures(const DeliverySettings& settings);
/// Whether signs of life are sent to it. Not in a mail or a chat message each minute, nor in STIX.
[[nodiscard]] bool carries_heartbeat(const DeliverySettings& settings);

}  // namespace kentongan
