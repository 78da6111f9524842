#pragma once
// Who is at the other end, as far as limits go.
#include <span>
#include <string>
#include <string_view>

#include "daemon/base/ip.hpp"

namespace kentongan::report {

/// The peer, or what trusted proxies say of it: the last address of X-Forwarded-For that is not a
/// trusted proxy's. What a client writes there itself stands further left and is not believed.
[[nodiscard]] IpAddress client_address(const IpAddress& peer, std::string_view forwarded_for,
                                       std::span<const IpNetwork> trusted_proxies);

/// The network whose members share a limit: /24, or /48 of IPv6.
[[nodiscard]] IpAddress network_of(const IpAddress& address);

}  // namespace kentongan::report
