#include "daemon/async/http/connection.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include "daemon/async/http/timed_socket.hpp"
#include "daemon/async/http/wire.hpp"

namespace kentongan::web {

namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint32_t kHeaderCap = 16 * 1024;
constexpr std::size_t kReadSize = 8192;

using Parser = http::request_parser<http::string_body>;

/// The room that a request's body takes while it is being read and answered.
class Room {
  public:
    explicit Room(Shared& shared) : shared_(shared) {}
    ~Room() { shared_.body_bytes -= taken_; }
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;
    [[nodiscard]] bool take(std::uint64_t bytes) {
        if (shared_.body_bytes + bytes > shared_.limits.bodies_bytes) return false;
        shared_.body_bytes += taken_ = bytes;
        return true;
    }

  private:
    Shared& shared_;
    std::uint64_t taken_ = 0;
};

class Connection {
  public:
    Connection(Shared& shared, tcp::socket socket)
        : shared_(shared),
          client_(std::make_shared<TimedSocket>(std::move(socket), shared.tls)),
          peer_(address_of(client_->socket)) {
        ++shared_.connections;
    }
    ~Connection() {
        --shared_.connections;
        client_->close();
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Task<> run() {
        client_->expires_after(shared_.limits.request_timeout);
        if (!co_await client_->handshake()) co_return;
        name_ = client_->client_name();
        while (co_await serve_one()) {
        }
    }

  private:
    /// True when another request may follow.
    Task<bool> serve_one() {
        Parser parser;
        parser.header_limit(kHeaderCap);
        parser.body_limit(shared_.limits.body_bytes);
        parser.eager(true);
        Room room{shared_};
        std::optional<Response> refusal;
        const error_code error = co_await read(parser, room, refusal);
        if (refusal) co_return co_await refuse(std::move(*refusal));
        if (error == asio::error::eof || !client_->socket.is_open()) co_return false;
        if (error) co_return co_await refuse(status_of(error));
        co_return co_await answer(parser.get());
    }

    /// eof: the client left, or was too slow, before a whole request.
    Task<error_code> read(Parser& parser, Room& room, std::optional<Response>& refusal) {
        const Limits& limits = shared_.limits;
        client_->expires_after(buffer_.size() > 0 ? limits.request_timeout : limits.idle_timeout);
        bool begun = buffer_.size() > 0;
        bool headed = false;
        error_code error = http::error::need_more;
        if (begun) feed(parser, error);
        while (error == http::error::need_more || (!error && !parser.is_done())) {
            if (parser.is_header_done() && !std::exchange(headed, true)) {
                refusal = prepare_for_body(parser, room);
                if (refusal) co_return error;
                if (wants_continue(parser) &&
                    !co_await write_all(*client_, "HTTP/1.1 100 Continue\r\n\r\n", ""))
                    co_return asio::error::eof;
            }
            const auto [failed, count] = co_await client_->read_some(buffer_.prepare(kReadSize));
            if (failed) co_return asio::error::eof;
            buffer_.commit(count);
            if (!std::exchange(begun, true)) client_->expires_after(limits.request_timeout);
            feed(parser, error);
        }
        client_->never_expires();
        co_return error;
    }

    /// What is refused at once need not be read; large bodies get the time they need.
    std::optional<Response> prepare_for_body(const Parser& parser, Room& room) {
        const Limits& limits = shared_.limits;
        const std::uint64_t length = parser.content_length() ? *parser.content_length()
                                     : parser.chunked()      ? limits.body_bytes
                                                             : 0;
        if (shared_.site.refuse)
            if (const auto head = request_of(parser.get(), peer_))
                if (auto refusal = shared_.site.refuse(*head)) return refusal;
        if (!room.take(length)) {
            Response busy = problem(503, "too much is being sent at once; try again", "");
            busy.headers.emplace_back("Retry-After", "10");
            shared_.site.finish(busy);
            return busy;
        }
        if (limits.body_rate > 0)
            client_->expires_after(limits.request_timeout +
                                   std::chrono::seconds{length / limits.body_rate});
        return std::nullopt;
    }

    void feed(Parser& parser, error_code& error) {
        error = {};
        buffer_.consume(parser.put(buffer_.data(), error));
    }

    static bool wants_continue(const Parser& parser) {
        return parser.get()[http::field::expect] == "100-continue";
    }

    Task<bool> refuse(unsigned status) {
        Response response = problem(status, detail_of(status, shared_.limits), "");
        shared_.site.finish(response);
        co_return co_await refuse(std::move(response));
    }
    Task<bool> refuse(Response response) {
        if (co_await send(response, false, false)) co_await close_gently(*client_);
        co_return false;
    }

    Task<bool> answer(Message& message) {
        auto request = request_of(message, peer_);
        if (!request) co_return co_await refuse(400);
        request->body = std::move(message.body());
        request->client = name_;
        request->encrypted = client_->encrypted();
        const Response response = co_await shared_.site.answer(*request);
        const bool head = request->method == "HEAD";
        const bool keep_alive = message.keep_alive() && response.stream == nullptr;
        if (!co_await send(response, keep_alive, head)) co_return false;
        if (response.stream != nullptr && !head) co_await stream(response);
        if (!keep_alive) co_await close_gently(*client_);
        co_return keep_alive;
    }

    Task<bool> send(const Response& response, bool keep_alive, bool head) {
        static const std::string kNothing;
        client_->expires_after(shared_.limits.write_timeout);
        const auto now = shared_.clock.now();
        co_return co_await write_all(*client_, head_of(response, now, keep_alive),
                                     head ? kNothing : response.body);
    }

    /// A client that has gone shows when a piece cannot be written.
    Task<> stream(const Response& response) {
        for (;;) {
            client_->never_expires();
            const auto piece = co_await response.stream();
            if (!piece) co_return;
            client_->expires_after(shared_.limits.write_timeout);
            if (!co_await write_all(*client_, "", *piece)) co_return;
        }
    }

    Shared& shared_;
    std::shared_ptr<TimedSocket> client_;
    const IpAddress peer_;
    std::string name_;  // on the client's certificate
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
    const auto client = std::make_shared<TimedSocket>(std::move(socket), shared.tls);
    Response response = problem(503, "too many connections; try again", "");
    response.headers.emplace_back("Retry-After", "5");
    shared.site.finish(response);
    client->expires_after(kDrainTime);
    if (co_await client->handshake() &&
        co_await write_all(*client, head_of(response, shared.clock.now(), false), response.body))
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

}  // namespace kentongan::web
