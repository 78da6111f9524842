#pragma once
// Real traffic over loopback: a small web site, and what an attacker does to it.
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>

#include "daemon/async/task.hpp"

namespace kentongan::demo {

/// Answers every request on 127.0.0.1 with a short page, until cancelled.
class WebSite {
  public:
    explicit WebSite(asio::any_io_executor loop);
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] Task<> run();

  private:
    asio::ip::tcp::acceptor acceptor_;
};

/// One request over a connection of its own; what is refused is no error here.
[[nodiscard]] Task<> request(std::uint16_t port, std::string method, std::string target,
                             std::string body);

/// Connects to `count` ports from `first` on, where nobody listens.
[[nodiscard]] Task<> scan_ports(std::uint16_t first, std::uint16_t count);

/// SYNs from made-up loopback addresses to one port: `per_second` for `seconds`. False where raw
/// sockets are not allowed.
[[nodiscard]] Task<bool> flood(std::uint16_t port, int per_second, int seconds);

/// Whether this process, and so the daemon it starts, may capture packets.
[[nodiscard]] bool may_capture();

}  // namespace kentongan::demo
