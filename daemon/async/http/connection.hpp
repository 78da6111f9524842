#pragma once
// One client's connection: reads requests, has them answered, writes the answers. Inner header.
#include <boost/asio/ip/tcp.hpp>

#include "daemon/async/http/server.hpp"
#include "daemon/async/http/tls.hpp"

namespace kentongan::web {

/// What all connections share; outlives them.
struct Shared {
    Limits limits;
    Site site;
    const Clock& clock;
    TlsContext tls{};  ///< of connections from now on; null: plain
    std::size_t connections = 0;
    std::uint64_t body_bytes = 0;  ///< of the requests being read
};

/// Serves until the client leaves, misbehaves or is too slow; closes the socket. Throws only when
/// it is cancelled.
[[nodiscard]] Task<> serve(Shared& shared, asio::ip::tcp::socket socket);

/// Answers 503 to a client there is no room for.
[[nodiscard]] Task<> turn_away(Shared& shared, asio::ip::tcp::socket socket);

}  // namespace kentongan::web
