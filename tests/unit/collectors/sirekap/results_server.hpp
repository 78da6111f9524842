#pragma once
// A server of published results on loopback, over TLS, that misbehaves on request.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/async/task_group.hpp"
#include "tests/support/test_certificates.hpp"

namespace kentongan::sirekap {

struct ResultsAnswer {
    enum class Kind {
        answer,
        trickle,  ///< its headers, then a byte each 20 ms without end
        endless,  ///< a body without end, as fast as it is taken
        close,    ///< nothing
    } kind = Kind::answer;
    int status = 200;
    std::string body{};
    std::map<std::string, std::string> headers{};
    std::uint64_t claims = 0;  ///< Content-Length when it is not the body's
};

class ResultsServer {
  public:
    using Request = boost::beast::http::request<boost::beast::http::string_body>;
    using Handler = std::function<ResultsAnswer(const Request&)>;

    ResultsServer(asio::io_context& loop, const CertificatePem& pem, Handler handler)
        : loop_(loop),
          acceptor_(loop, {asio::ip::address_v4::loopback(), 0}),
          handler_(std::move(handler)) {
        tls_.use_certificate_chain(asio::buffer(pem.certificate));
        tls_.use_private_key(asio::buffer(pem.private_key), asio::ssl::context::pem);
        group_.spawn("accept", accept());
    }
    ~ResultsServer() {
        down();
        while (group_.running() > 0) loop_.run_one();  // what they wait on goes with us
    }

    [[nodiscard]] std::string url(const std::string& path) const {
        return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
    }
    void down() {
        group_.cancel();
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }
    std::vector<Request> requests;

  private:
    using Stream = asio::ssl::stream<asio::ip::tcp::socket>;

    Task<> accept() {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            group_.spawn("serve", serve(std::move(socket)));
        }
    }

    Task<> serve(asio::ip::tcp::socket socket) {
        try {
            Stream stream{std::move(socket), tls_};
            co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
            boost::beast::flat_buffer buffer;
            for (;;) {
                Request request;
                co_await boost::beast::http::async_read(stream, buffer, request,
                                                        asio::use_awaitable);
                requests.push_back(request);
                if (!co_await answer(stream, handler_(request))) break;
            }
        } catch (const boost::system::system_error&) {  // the client left
        }
    }

    static std::string head(const ResultsAnswer& answer) {
        std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " Status\r\n";
        for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
        if (answer.kind == ResultsAnswer::Kind::endless) return out + "\r\n";
        if (answer.status != 304)
            out += "Content-Length: " +
                   std::to_string(answer.claims != 0 ? answer.claims : answer.body.size()) + "\r\n";
        return out + "\r\n";
    }

    Task<bool> answer(Stream& stream, ResultsAnswer answer) {
        if (answer.kind == ResultsAnswer::Kind::close) co_return false;
        const std::string text = head(answer) + answer.body;
        co_await asio::async_write(stream, asio::buffer(text), asio::use_awaitable);
        const bool trickles = answer.kind == ResultsAnswer::Kind::trickle;
        const std::string more(trickles ? 1 : 65536, ' ');
        while (answer.kind != ResultsAnswer::Kind::answer) {
            co_await asio::async_write(stream, asio::buffer(more), asio::use_awaitable);
            if (trickles) co_await sleep_for(std::chrono::milliseconds{20});
        }
        co_return answer.claims == 0;
    }

    asio::io_context& loop_;
    asio::ip::tcp::acceptor acceptor_;
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    Handler handler_;
    TaskGroup group_{loop_.get_executor()};
};

}  // namespace kentongan::sirekap
