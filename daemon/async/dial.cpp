#include "daemon/async/dial.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "daemon/base/text.hpp"

namespace kentongan {

using asio::ip::tcp;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kProxyHead = std::size_t{8} << 10;

/// A name lookup that can be left behind: it cannot be interrupted in the resolver's thread.
struct Lookup {
    explicit Lookup(const asio::any_io_executor& executor) : resolver(executor), done(executor) {}
    tcp::resolver resolver;
    asio::steady_timer done;
    boost::system::error_code code = asio::error::timed_out;
    tcp::resolver::results_type results;
};

IpAddress address_of(const tcp::endpoint& endpoint) {
    return IpAddress::parse(endpoint.address().to_string()).value_or(IpAddress{});
}

bool says_loopback(std::string_view host) {
    const auto address = IpAddress::parse(host);
    return address ? address->is_loopback()
                   : host == "localhost" || std::string_view(host).ends_with(".localhost");
}

bool is_special(const IpAddress& address) {
    static const auto kSpecial = [] {
        std::vector<IpNetwork> out;
        for (const auto* text : {"169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32", "0.0.0.0/8",
                                 "fe80::/10", "ff00::/8", "::/128"})
            if (const auto network = IpNetwork::parse(text)) out.push_back(*network);
        return out;
    }();
    return std::ranges::any_of(kSpecial, [&](const auto& n) { return n.contains(address); });
}

}  // namespace

std::string refusal_of(const IpAddress& address, std::string_view host, const DialPolicy& policy) {
    if (policy.only_loopback && !address.is_loopback())
        return fmt::format("{} is not a loopback address: use TLS", address.to_string());
    if (!policy.allowed.empty()) {
        const bool listed = std::ranges::any_of(
            policy.allowed, [&](const IpNetwork& network) { return network.contains(address); });
        return listed ? "" : address.to_string() + " is in none of the allowed networks";
    }
    if (is_special(address)) return address.to_string() + " is no address of another machine";
    if (address.is_loopback() && !policy.only_loopback && !says_loopback(host))
        return fmt::format("{} leads to this machine itself ({})", host, address.to_string());
    return {};
}

Result<std::pair<std::string, std::uint16_t>> parse_proxy(std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with("http://")) rest.remove_prefix(7);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const auto colon = rest.rfind(':');
    const auto port = colon == std::string_view::npos
                          ? std::nullopt
                          : parse_number<std::uint16_t>(rest.substr(colon + 1));
    std::string_view host = rest.substr(0, std::min(colon, rest.size()));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (!port || *port == 0 || host.empty() || host.find_first_of("/@ []") != host.npos)
        return fail(ErrorCode::config, "proxy \"{}\": expected http://HOST:PORT", text);
    return std::pair{std::string(host), *port};
}

Task<Result<std::vector<tcp::endpoint>>> look_up(asio::any_io_executor executor, std::string host,
                                                 std::uint16_t port, DialPolicy policy,
                                                 DialDeadline deadline) {
    std::vector<tcp::endpoint> found;
    boost::system::error_code code;
    if (const auto address = asio::ip::make_address(host, code); !code) {
        found.emplace_back(address, port);
    } else {
        auto lookup = std::make_shared<Lookup>(executor);
        lookup->done.expires_at(deadline);
        auto finished = [lookup](boost::system::error_code result,
                                 tcp::resolver::results_type results) {
            lookup->code = result;
            lookup->results = std::move(results);
            lookup->done.expires_at(DialDeadline::min());
        };
        lookup->resolver.async_resolve(host, std::to_string(port), std::move(finished));
        co_await lookup->done.async_wait(kTuple);
        if (lookup->code)
            co_return fail(ErrorCode::unavailable, "looking the name up: {}",
                           lookup->code.message());
        for (const auto& entry : lookup->results) found.push_back(entry.endpoint());
    }
    std::string refused;
    std::erase_if(found, [&](const tcp::endpoint& endpoint) {
        const std::string why = refusal_of(address_of(endpoint), host, policy);
        if (!why.empty()) refused = why;
        return !why.empty();
    });
    if (found.empty())
        co_return fail(ErrorCode::config, "{}",
                       refused.empty() ? host + " has no address" : refused);
    co_return found;
}

namespace {

Task<Result<>> through_proxy(tcp::socket& socket, std::string host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string::npos;
    const std::string target = fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
    const std::string request = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", target);
    const auto [failed, sent] = co_await asio::async_write(socket, asio::buffer(request), kTuple);
    if (failed) co_return fail(ErrorCode::unavailable, "asking the proxy: {}", failed.message());
    // A byte at a time: what follows the head belongs to the connection behind it.
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        if (head.size() >= kProxyHead)
            co_return fail(ErrorCode::data, "the proxy's answer is too long");
        char c = 0;
        const auto [code, count] = co_await socket.async_read_some(asio::buffer(&c, 1), kTuple);
        if (code) co_return fail(ErrorCode::unavailable, "the proxy: {}", code.message());
        head.push_back(c);
    }
    std::string_view line = head;
    line = take_until(line, '\r');
    std::string_view rest = line;
    const std::string_view version = take_until(rest, ' ');
    if (!version.starts_with("HTTP/1.") || !rest.starts_with('2'))
        co_return fail(ErrorCode::unavailable, "the proxy refuses {}: {}", target,
                       printable_utf8(line, 120));
    co_return Result<>{};
}

}  // namespace

Task<Result<>> dial(tcp::socket& socket, std::string host, std::uint16_t port, DialPolicy policy,
                    DialDeadline deadline, const char*& stage) {
    stage = "looking the name up";
    const bool proxied = policy.proxy_port != 0;
    DialPolicy to = policy;
    if (proxied) to = DialPolicy{.allowed = {IpNetwork::parse("::/0").value()}};
    const auto endpoints =
        co_await look_up(socket.get_executor(), proxied ? policy.proxy_host : host,
                         proxied ? policy.proxy_port : port, to, deadline);
    if (!endpoints) co_return std::unexpected(endpoints.error());
    stage = "connecting";
    const auto [code, chosen] = co_await asio::async_connect(socket, *endpoints, kTuple);
    if (code) co_return fail(ErrorCode::unavailable, "connecting: {}", code.message());
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    if (!proxied) co_return Result<>{};
    stage = "asking the proxy";
    co_return co_await through_proxy(socket, host, port);
}

}  // namespace kentongan
