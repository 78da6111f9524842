#include "daemon/async/http/wire.hpp"

#include <fmt/chrono.h>

#include <boost/beast/http/error.hpp>
#include <iterator>

namespace kentongan::web {

namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

std::string head_of(const Response& response, Timestamp now, bool keep_alive) {
    std::string out = fmt::format("HTTP/1.1 {} {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                                  response.status, reason_of(response.status),
                                  fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    const auto add = [&](std::string_view name, std::string_view value) {
        fmt::format_to(std::back_inserter(out), "{}: {}\r\n", name, value);
    };
    for (const auto& [name, value] : response.headers) add(name, value);
    if (!response.type.empty() && response.status != 304) add("Content-Type", response.type);
    if (response.stream == nullptr && response.status != 304)
        add("Content-Length", std::to_string(response.body.size()));
    add("Connection", keep_alive ? "keep-alive" : "close");
    return out += "\r\n";
}

unsigned status_of(const error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::body_limit) return 413;
    if (error == http::error::bad_version) return 505;
    return 400;
}

std::string detail_of(unsigned status, const Limits& limits) {
    switch (status) {
        case 431:
            return "the headers are longer than 16 KiB";
        case 413:
            return fmt::format("the body is longer than {} MiB", limits.body_bytes >> 20);
        case 505:
            return "only HTTP/1.0 and HTTP/1.1 are spoken here";
        default:
            return "this is not a well-formed HTTP request";
    }
}

IpAddress address_of(const tcp::socket& socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error) return {};
    const auto address = endpoint.address();
    if (address.is_v4()) return IpAddress::v4(address.to_v4().to_bytes());
    return IpAddress::v6(address.to_v6().to_bytes());
}

std::optional<Request> request_of(const Message& message, const IpAddress& peer) {
    const auto header = [&](std::string_view name) {
        const auto value = message[boost::beast::string_view{name.data(), name.size()}];
        return std::string{value.data(), value.size()};
    };
    Request out{.method = std::string{message.method_string()},
                .target = std::string{message.target()},
                .parsed = {},
                .authorization = header("Authorization"),
                .if_none_match = header("If-None-Match"),
                .last_event_id = header("Last-Event-ID"),
                .content_type = header("Content-Type"),
                .accept = header("Accept"),
                .accept_language = header("Accept-Language"),
                .accept_encoding = header("Accept-Encoding"),
                .if_match = header("If-Match"),
                .idempotency_key = header("Idempotency-Key"),
                .cookie = header("Cookie"),
                .csrf = header("X-CSRF-Token"),
                .fetch_site = header("Sec-Fetch-Site"),
                .user_agent = header("User-Agent"),
                .webhook_id = header("webhook-id"),
                .webhook_timestamp = header("webhook-timestamp"),
                .webhook_signature = header("webhook-signature"),
                .peer = peer};
    const auto [first, last] = message.equal_range("X-Forwarded-For");
    for (auto field = first; field != last; ++field)
        out.forwarded_for.append(out.forwarded_for.empty() ? "" : ", ")
            .append(field->value().data(), field->value().size());
    auto target = parse_target(out.target);
    const bool named = message.version() < 11 || message.count(http::field::host) == 1;
    if (!target || !named) return std::nullopt;
    out.parsed = std::move(*target);
    return out;
}

}  // namespace kentongan::web
