#pragma once
// Server: an HTTP/1.1 listener, without routes. Bounds and deadlines are here; what is answered is
// the site's affair.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/async/http/message.hpp"
#include "daemon/async/http/tls.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/time.hpp"

namespace kentongan::web {

struct Limits {
    std::size_t maximum_connections = 256;                 ///< beyond them, 503
    std::uint64_t body_bytes = std::uint64_t{1} << 20;     ///< of one request; beyond it, 413
    std::uint64_t bodies_bytes = std::uint64_t{64} << 20;  ///< being read at once; beyond it, 503
    std::chrono::milliseconds idle_timeout{60'000};        ///< between two requests
    std::chrono::milliseconds request_timeout{10'000};  ///< from a request's first byte to its last
    std::chrono::milliseconds write_timeout{20'000};    ///< for one answer, or a piece of a stream
    /// Bytes a second: so much slower than this a body may not come, once the request's own time is
    /// over. 0: no more time for large bodies.
    std::uint64_t body_rate = 0;
};

/// What is served. All calls on the server's executor; everything outlives the server.
struct Site {
    /// Throws only when it is cancelled. The request lives until the answer is there.
    std::function<Task<Response>(const Request&)> answer;
    /// Adds what every answer carries to one that the server gives by itself (400, 413, 503 …).
    std::function<void(Response&)> finish;
    /// Asked before a request's body is read: an answer refuses the request. May be empty.
    std::function<std::optional<Response>(const Request& head)> refuse{};
};

/// All calls on the executor's thread. Never blocks it.
class Server {
  public:
    /// `listen`: an IP address and a port, [::1]:80 for IPv6; port 0: any free one.
    Server(asio::any_io_executor executor, std::string listen, Limits limits, Site site,
           const Clock& clock);
    ~Server();

    /// Connections from now on speak TLS with this (again after a reload); null: none.
    void use_tls(TlsContext tls);
    /// Errors: unavailable (port in use), permission, config (not an address).
    [[nodiscard]] Result<> listen();
    /// Accepts and serves until cancelled; then closes every connection and throws
    /// operation_aborted as every cancelled task does.
    [[nodiscard]] Task<> run();
    [[nodiscard]] std::uint16_t bound_port() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kentongan::web
