#pragma once
// A destination that fails for good is an alert of its own: to the others, for it cannot be told.
#include <string>

#include "daemon/alert/finding.hpp"

namespace kentongan {

/// Rule class "delivery", critical; the entity is the destination.
[[nodiscard]] Finding delivery_finding(const std::string& destination, const std::string& reason,
                                       Timestamp now);

}  // namespace kentongan
