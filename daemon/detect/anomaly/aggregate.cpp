// Evidence of counts, and which addresses are ours.
#include "daemon/detect/anomaly/aggregate.hpp"

#include <algorithm>
#include <array>

#include "daemon/base/digest.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::anomaly {

Evidence aggregate_evidence(std::string_view capture, Timestamp second, std::string_view sentence) {
    const auto since = std::chrono::floor<std::chrono::seconds>(second.time_since_epoch());
    const auto offset = static_cast<std::uint64_t>(std::max<std::int64_t>(since.count(), 0));
    return {"aggregate", std::string(capture), offset, sha256_hex(sentence),
            printable_utf8(sentence, 1000)};
}

bool is_in(const IpAddress& address, const std::vector<IpNetwork>& networks) {
    return std::ranges::any_of(networks, [&](const auto& net) { return net.contains(address); });
}

bool is_internal(const IpAddress& address) {
    static const std::array kNetworks{
        *IpNetwork::parse("10.0.0.0/8"),     *IpNetwork::parse("172.16.0.0/12"),
        *IpNetwork::parse("192.168.0.0/16"), *IpNetwork::parse("169.254.0.0/16"),
        *IpNetwork::parse("fc00::/7"),       *IpNetwork::parse("fe80::/10")};
    return address.is_loopback() ||
           std::ranges::any_of(kNetworks, [&](const auto& net) { return net.contains(address); });
}

}  // namespace kentongan::anomaly
