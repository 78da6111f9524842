#pragma once
// What the anomaly detectors share in telling what they counted.
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alert/finding.hpp"

namespace kentongan::anomaly {

/// A count over one second as evidence: the capture, the second since 1970 as the offset, and the
/// sentence itself, for no single record shows it.
[[nodiscard]] Evidence aggregate_evidence(std::string_view capture, Timestamp second,
                                          std::string_view sentence);

/// Private, link-local, unique-local and loopback addresses (RFC 1918, 3927, 4193, 4291).
[[nodiscard]] bool is_internal(const IpAddress& address);
[[nodiscard]] bool is_in(const IpAddress& address, const std::vector<IpNetwork>& networks);

}  // namespace kentongan::anomaly
