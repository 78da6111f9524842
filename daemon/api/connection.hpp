#pragma once
// One client's connection: reads requests, has them answered, writes the answers. Inner header.
#include "daemon/api/server.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace kentongan::api {

/// What all connections share; outlives them.
struct Shared {
    Options options;
    Service service;
    std::size_t connections = 0;
};

/// Serves until the client leaves, misbehaves or is too slow; closes the socket. Throws only when
/// it is cancelled.
[[nodiscard]] Task<> serve(Shared& shared, asio::ip::tcp::socket socket);

/// Answers 503 to a client there is no room for.
[[nodiscard]] Task<> turn_away(Shared& shared, asio::ip::tcp::socket socket);

}  // namespace kentongan::api
