#pragma once
// Ports for daemons that are started beside others.
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <vector>

namespace kentongan::drill {

/// Ports of the loopback address on which nobody listens now, each another one. Throws where the
/// system has none.
[[nodiscard]] std::vector<std::uint16_t> free_ports(boost::asio::io_context& loop,
                                                    std::size_t count);

}  // namespace kentongan::drill
