#pragma once
// Between our plain values and what goes over the wire. Inner header.
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>

#include "daemon/async/http/server.hpp"

namespace kentongan::web {

using Message = boost::beast::http::request<boost::beast::http::string_body>;

/// Status line and headers, with the empty line.
[[nodiscard]] std::string head_of(const Response& response, Timestamp now, bool keep_alive);

/// Which answer a parser's error deserves, and what it says.
[[nodiscard]] unsigned status_of(const boost::system::error_code& error);
[[nodiscard]] std::string detail_of(unsigned status, const Limits& limits);

/// The head of a message; nothing when it names no host or a bad target.
[[nodiscard]] std::optional<Request> request_of(const Message& message, const IpAddress& peer);

/// Whom a socket is connected to; all zero when it no longer is.
[[nodiscard]] IpAddress address_of(const asio::ip::tcp::socket& socket);

}  // namespace kentongan::web
