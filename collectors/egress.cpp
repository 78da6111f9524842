#include "collectors/egress.hpp"

namespace kentongan {

namespace {

bool is_private(const IpAddress& address) {
    static const auto networks = {IpNetwork::parse("10.0.0.0/8"), IpNetwork::parse("172.16.0.0/12"),
                                  IpNetwork::parse("192.168.0.0/16"), IpNetwork::parse("fc00::/7")};
    for (const auto& network : networks)
        if (network && network->contains(address)) return true;
    return address.is_loopback();
}

}  // namespace

bool is_egress(const Event& event) {
    const auto from = event.ip(Field::source_ip);
    const auto to = event.ip(Field::destination_ip);
    return from && to && is_private(*from) && !is_private(*to);
}

}  // namespace kentongan
