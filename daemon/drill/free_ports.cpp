#include "daemon/drill/free_ports.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace kentongan::drill {

using boost::asio::ip::tcp;

std::vector<std::uint16_t> free_ports(boost::asio::io_context& loop, std::size_t count) {
    std::vector<tcp::acceptor> held;  // until all are found
    std::vector<std::uint16_t> out;
    while (out.size() < count) {
        held.emplace_back(loop, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0});
        out.push_back(held.back().local_endpoint().port());
    }
    return out;
}

}  // namespace kentongan::drill
