#include "collectors/report/client.hpp"

#include <algorithm>

#include "daemon/base/text.hpp"

namespace kentongan::report {

namespace {

/// An address as proxies write it: alone, with a port, in brackets.
std::optional<IpAddress> address_in(std::string_view text) {
    text = trim(text);
    if (text.starts_with('[')) return IpAddress::parse(text.substr(1, text.find(']') - 1));
    if (const auto address = IpAddress::parse(text)) return address;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return std::nullopt;
    return IpAddress::parse(text.substr(0, colon));
}

}  // namespace

IpAddress client_address(const IpAddress& peer, std::string_view forwarded_for,
                         std::span<const IpNetwork> trusted_proxies) {
    const auto trusted = [&](const IpAddress& address) {
        return std::ranges::any_of(trusted_proxies,
                                   [&](const IpNetwork& proxy) { return proxy.contains(address); });
    };
    IpAddress out = peer;
    while (trusted(out) && !forwarded_for.empty()) {
        const auto comma = forwarded_for.rfind(',');
        const auto last = comma == std::string_view::npos ? 0 : comma + 1;
        const auto address = address_in(forwarded_for.substr(last));
        if (!address) return out;
        out = *address;
        forwarded_for = forwarded_for.substr(0, comma == std::string_view::npos ? 0 : comma);
    }
    return out;
}

IpAddress network_of(const IpAddress& address) {
    return address.masked(address.is_v4() ? 120 : 48);
}

}  // namespace kentongan::report
