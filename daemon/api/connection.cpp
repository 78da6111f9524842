#include "daemon/api/connection.hpp"

#include <fmt/chrono.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "daemon/api/routes.hpp"

namespace kentongan::api {

namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint32_t kHeaderCap = 16 * 1024;
constexpr std::uint64_t kBodyCap = std::uint64_t{1} << 20;
constexpr std::size_t kReadSize = 8192;
constexpr std::size_t kDrainCap = std::size_t{2} << 20;
constexpr auto kDrainTime = std::chrono::seconds{2};
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

using Parser = http::request_parser<http::string_body>;

/// A socket that closes itself when a deadline passes: whatever waits on it then ends.
class TimedSocket : public std::enable_shared_from_this<TimedSocket> {
  public:
    explicit TimedSocket(tcp::socket from)
        : socket(std::move(from)), timer_(socket.get_executor()) {}

    void expires_after(std::chrono::steady_clock::duration time) {
        timer_.expires_after(time);
        timer_.async_wait([self = shared_from_this()](error_code error) {
            const auto now = std::chrono::steady_clock::now();
            if (!error && self->timer_.expiry() <= now) self->close();
        });
    }
    void never_expires() { timer_.cancel(); }
    void close() {
        timer_.cancel();
        error_code ignored;
        socket.close(ignored);
    }

    tcp::socket socket;

  private:
    asio::steady_timer timer_;
};

Task<bool> write(TimedSocket& client, std::string head, const std::string& body) {
    const std::array<asio::const_buffer, 2> both{asio::buffer(head), asio::buffer(body)};
    const auto [error, count] = co_await asio::async_write(client.socket, both, kAwait);
    co_return !error;
}

/// Status line and headers, with the empty line.
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

/// Sends our end of stream and reads what the client still sends, so that the kernel does not
/// answer it with a reset that would take our last answer away.
Task<> close_gently(TimedSocket& client) {
    error_code ignored;
    client.socket.shutdown(tcp::socket::shutdown_send, ignored);
    client.expires_after(kDrainTime);
    std::array<char, kReadSize> scrap;
    for (std::size_t drained = 0; drained < kDrainCap;) {
        const auto [error, count] =
            co_await client.socket.async_read_some(asio::buffer(scrap), kAwait);
        if (error) break;
        drained += count;
    }
    client.close();
}

unsigned status_of(const error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
    if (error == http::error::body_limit) return 413;
    if (error == http::error::bad_version) return 505;
    return 400;
}

std::string_view detail_of(unsigned status) {
    switch (status) {
        case 431:
            return "the headers are longer than 16 KiB";
        case 413:
            return "the body is longer than 1 MiB";
        case 505:
            return "only HTTP/1.0 and HTTP/1.1 are spoken here";
        default:
            return "this is not a well-formed HTTP request";
    }
}

class Connection {
  public:
    Connection(Shared& shared, tcp::socket socket)
        : shared_(shared), client_(std::make_shared<TimedSocket>(std::move(socket))) {
        ++shared_.connections;
    }
    ~Connection() {
        --shared_.connections;
        client_->close();
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Task<> run() {
        while (co_await serve_one()) {
        }
    }

  private:
    /// True when another request may follow.
    Task<bool> serve_one() {
        Parser parser;
        parser.header_limit(kHeaderCap);
        parser.body_limit(kBodyCap);
        parser.eager(true);
        const error_code error = co_await read(parser);
        if (error == asio::error::eof || !client_->socket.is_open()) co_return false;
        if (error) co_return co_await refuse(status_of(error));
        co_return co_await answer(parser.get());
    }

    /// eof: the client left, or was too slow, before a whole request.
    Task<error_code> read(Parser& parser) {
        client_->expires_after(buffer_.size() > 0 ? shared_.options.request_timeout
                                                  : shared_.options.idle_timeout);
        bool begun = buffer_.size() > 0;
        bool asked = false;
        error_code error = http::error::need_more;
        if (begun) feed(parser, error);
        while (error == http::error::need_more || (!error && !parser.is_done())) {
            if (!asked && parser.is_header_done() && wants_continue(parser)) {
                asked = true;
                if (!co_await write(*client_, "HTTP/1.1 100 Continue\r\n\r\n", ""))
                    co_return asio::error::eof;
            }
            const auto [failed, count] =
                co_await client_->socket.async_read_some(buffer_.prepare(kReadSize), kAwait);
            if (failed) co_return asio::error::eof;
            buffer_.commit(count);
            if (!std::exchange(begun, true))
                client_->expires_after(shared_.options.request_timeout);
            feed(parser, error);
        }
        client_->never_expires();
        co_return error;
    }

    void feed(Parser& parser, error_code& error) {
        error = {};
        buffer_.consume(parser.put(buffer_.data(), error));
    }

    static bool wants_continue(const Parser& parser) {
        return parser.get()[http::field::expect] == "100-continue";
    }

    Task<bool> refuse(unsigned status) {
        Response response = problem(status, detail_of(status), "");
        finish_response(shared_.service, "none", true, response);
        if (co_await send(response, false, false)) co_await close_gently(*client_);
        co_return false;
    }

    Task<bool> answer(const http::request<http::string_body>& message) {
        Request request{.method = std::string{message.method_string()},
                        .target = std::string{message.target()},
                        .parsed = {},
                        .authorization = std::string{message[http::field::authorization]},
                        .if_none_match = std::string{message[http::field::if_none_match]},
                        .last_event_id = std::string{message["Last-Event-ID"]}};
        auto target = parse_target(request.target);
        const bool named = message.version() < 11 || message.count(http::field::host) == 1;
        if (!target || !named) co_return co_await refuse(400);
        request.parsed = std::move(*target);
        const Response response =
            co_await respond(shared_.service, request, shared_.options.metrics_only);
        const bool head = request.method == "HEAD";
        const bool keep_alive = message.keep_alive() && response.stream == nullptr;
        if (!co_await send(response, keep_alive, head)) co_return false;
        if (response.stream != nullptr && !head) co_await stream(response);
        if (!keep_alive) co_await close_gently(*client_);
        co_return keep_alive;
    }

    Task<bool> send(const Response& response, bool keep_alive, bool head) {
        static const std::string kNothing;
        client_->expires_after(shared_.options.write_timeout);
        const auto now = shared_.service.dependencies.clock.now();
        co_return co_await write(*client_, head_of(response, now, keep_alive),
                                 head ? kNothing : response.body);
    }

    /// A client that has gone shows when a heartbeat cannot be written, after 15 s at most.
    Task<> stream(const Response& response) {
        for (;;) {
            client_->never_expires();
            const auto piece = co_await response.stream();
            if (!piece) co_return;
            client_->expires_after(shared_.options.write_timeout);
            if (!co_await write(*client_, "", *piece)) co_return;
        }
    }

    Shared& shared_;
    std::shared_ptr<TimedSocket> client_;
    boost::beast::flat_buffer buffer_{std::size_t{4} * kHeaderCap};
};

/// One connection's trouble (memory, at most) must not end the others.
Task<> contain(Task<> task) {
    try {
        co_await std::move(task);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) throw;
    } catch (const std::exception&) {
    }
}

Task<> run_connection(Shared& shared, tcp::socket socket) {
    Connection connection{shared, std::move(socket)};
    co_await connection.run();
}

Task<> run_refusal(Shared& shared, tcp::socket socket) {
    const auto client = std::make_shared<TimedSocket>(std::move(socket));
    Response response = problem(503, "too many connections; try again", "");
    response.headers.emplace_back("Retry-After", "5");
    finish_response(shared.service, "none", true, response);
    client->expires_after(kDrainTime);
    const auto now = shared.service.dependencies.clock.now();
    if (co_await write(*client, head_of(response, now, false), response.body))
        co_await close_gently(*client);
    client->close();
}

}  // namespace

Task<> serve(Shared& shared, tcp::socket socket) {
    return contain(run_connection(shared, std::move(socket)));
}

Task<> turn_away(Shared& shared, tcp::socket socket) {
    return contain(run_refusal(shared, std::move(socket)));
}

}  // namespace kentongan::api
