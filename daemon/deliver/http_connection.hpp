#pragma once
// HttpConnection: one connection to a webhook's host, plain or TLS, kept alive between requests.
// Only webhook_channel.cpp includes it: Beast stays behind that door.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>

#include "daemon/deliver/delivery_channel.hpp"
#include "daemon/deliver/webhook_url.hpp"

namespace kentongan {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// A client's TLS: 1.2 or newer, peers verified against `ca_file` (PEM), or the system's when
/// empty.
[[nodiscard]] Result<std::shared_ptr<asio::ssl::context>> client_tls(const std::string& ca_file);

class HttpConnection {
  public:
    using Deadline = asio::steady_timer::time_point;

    /// `tls` is null for plain http.
    HttpConnection(asio::any_io_executor executor, WebhookUrl url,
                   std::shared_ptr<asio::ssl::context> tls);

    /// Resolves, connects and shakes hands.
    Task<Result<>> connect(Deadline deadline);
    /// Sends the request and reads the answer, of the body at most 16 KiB.
    Task<Result<Receipt>> exchange(const HttpRequest& request);

    /// Ends what is under way with an error. Any number of times.
    void close();
    /// The next request may use it.
    [[nodiscard]] bool reusable() const { return reusable_; }
    /// Something of an answer to the newest request arrived.
    [[nodiscard]] bool answered() const { return answered_; }
    /// What it is doing: "connecting", "waiting for the answer".
    [[nodiscard]] const char* stage() const { return stage_; }

  private:
    using Endpoints = std::vector<asio::ip::tcp::endpoint>;

    Task<Result<Endpoints>> resolve(Deadline deadline);
    Task<Result<>> shake_hands();
    template <class Stream>
    Task<Result<Receipt>> exchange_on(Stream& stream, const HttpRequest& request);
    template <class Stream>
    Task<Result<Receipt>> read_answer(Stream& stream);

    WebhookUrl url_;
    std::shared_ptr<asio::ssl::context> context_;
    asio::ip::tcp::socket socket_;
    std::optional<asio::ssl::stream<asio::ip::tcp::socket&>> tls_;
    boost::beast::flat_buffer buffer_;
    const char* stage_ = "idle";
    bool reusable_ = false;
    bool answered_ = false;
};

}  // namespace kentongan
