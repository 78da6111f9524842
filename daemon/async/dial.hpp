#pragma once
// Dialling out: which addresses a name may lead to, and the way there, straight or through an HTTP
// proxy. Include it from a .cpp only.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>
#include <vector>

#include "daemon/async/task.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/ip.hpp"

namespace kentongan {

/// A name that an attacker can point elsewhere must not make us talk to the machine's own services:
/// what a name resolves to is checked each time, before the connection is made.
struct DialPolicy {
    std::vector<IpNetwork> allowed{};  ///< nothing else; empty: all that refusal_of() lets through
    bool only_loopback = false;        ///< plain text goes no further than this machine
    std::string proxy_host{};          ///< its name lookup is the proxy's then
    std::uint16_t proxy_port = 0;      ///< 0: no proxy
};

/// Why an address may not be dialled; empty when it may. Without a list of allowed networks:
/// link-local (cloud metadata lives there), multicast and unspecified addresses are refused, and
/// loopback unless `host` says loopback itself.
[[nodiscard]] std::string refusal_of(const IpAddress& address, std::string_view host,
                                     const DialPolicy& policy);

/// "host:port" or "http://host:port"; an error (config) says what is expected.
[[nodiscard]] Result<std::pair<std::string, std::uint16_t>> parse_proxy(std::string_view text);

using DialDeadline = asio::steady_timer::time_point;

/// The addresses of a name that the policy lets through; an error when none is left. The lookup is
/// left behind at the deadline.
[[nodiscard]] Task<Result<std::vector<asio::ip::tcp::endpoint>>> look_up(
    asio::any_io_executor executor, std::string host, std::uint16_t port, DialPolicy policy,
    DialDeadline deadline);

/// Connects `socket`; `stage` says what it is doing, for who gives up waiting. Both outlive it.
[[nodiscard]] Task<Result<>> dial(asio::ip::tcp::socket& socket, std::string host,
                                  std::uint16_t port, DialPolicy policy, DialDeadline deadline,
                                  const char*& stage);

}  // namespace kentongan
