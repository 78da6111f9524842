#pragma once
// One GET over a connection of its own to a server on this host.
#include <cstdint>
#include <string>

#include "daemon/base/error.hpp"

namespace kentongan {

/// Not the HttpAnswer of daemon/async: programs that link both must not mix them up.
struct LocalHttpAnswer {
    int status = 0;
    std::string body;
};
using HttpAnswer = LocalHttpAnswer;

/// Blocks until the server has closed the connection; an error when it cannot be reached, breaks
/// off, or is silent for ten seconds.
[[nodiscard]] Result<HttpAnswer> http_get(std::uint16_t port, const std::string& target,
                                          const std::string& token);

/// The same for a whole request, which asks for the connection's end.
[[nodiscard]] Result<HttpAnswer> http_ask(std::uint16_t port, const std::string& request);

/// A port of 127.0.0.1 that is free now, below those the system hands out by itself, and that no
/// other test gets while this process lives.
[[nodiscard]] std::uint16_t free_port();

}  // namespace kentongan
