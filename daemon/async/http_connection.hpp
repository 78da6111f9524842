#pragma once
// HttpConnection: one connection to a server, plain or TLS, kept alive between requests. Include it
// from a .cpp only: Beast stays behind that door.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/async/dial.hpp"
#include "daemon/async/http_url.hpp"
#include "daemon/async/task.hpp"
#include "daemon/async/tls_client.hpp"
#include "daemon/base/time.hpp"

namespace kentongan {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// How much of an answer's body is read.
struct BodyLimit {
    std::size_t bytes = std::size_t{16} << 10;
    bool refuse_longer = false;  ///< of one that says it is longer, nothing is read
};

/// What a server answered, whatever it was.
struct HttpAnswer {
    int status = 0;
    boost::beast::http::fields fields;
    std::string body;
    bool whole = true;  ///< the body ended within the limit
    /// The header Retry-After where it holds seconds.
    std::optional<std::chrono::seconds> retry_after;
    /// A header's text, or empty.
    [[nodiscard]] std::string header(boost::beast::http::field name) const;
    /// When the server says it made this answer; nothing where a cache gave it (header Age).
    [[nodiscard]] std::optional<Timestamp> made() const;
};

/// "Thu, 28 Nov 2024 03:00:00 GMT" (RFC 9110, section 5.6.7; of its forms the one that is sent).
[[nodiscard]] std::optional<Timestamp> parse_http_date(std::string_view text);

class HttpConnection {
  public:
    using Deadline = asio::steady_timer::time_point;

    /// `tls` is null for plain http, which goes no further than this machine.
    HttpConnection(asio::any_io_executor executor, HttpUrl url,
                   std::shared_ptr<asio::ssl::context> tls, DialPolicy policy = {});

    /// Resolves, connects and shakes hands.
    Task<Result<>> connect(Deadline deadline);
    /// Sends the request and reads the answer, of the body as much as the limit says.
    Task<Result<HttpAnswer>> exchange(const HttpRequest& request, BodyLimit limit = {});

    /// Ends what is under way with an error. Any number of times.
    void close();
    /// The next request may use it.
    [[nodiscard]] bool reusable() const { return reusable_; }
    /// Something of an answer to the newest request arrived.
    [[nodiscard]] bool answered() const { return answered_; }
    /// What it is doing: "connecting", "waiting for the answer".
    [[nodiscard]] const char* stage() const { return stage_; }
    /// The handshake failed because of the server's certificate.
    [[nodiscard]] bool certificate_refused() const { return certificate_refused_; }
    /// When the server's certificate ends, Unix seconds; 0 before the handshake and without TLS.
    [[nodiscard]] std::int64_t certificate_end() const { return certificate_end_; }

  private:
    template <class Stream>
    Task<Result<HttpAnswer>> exchange_on(Stream& stream, const HttpRequest& request,
                                         BodyLimit limit);
    template <class Stream>
    Task<Result<HttpAnswer>> read_answer(Stream& stream, BodyLimit limit);

    HttpUrl url_;
    std::shared_ptr<asio::ssl::context> context_;
    DialPolicy policy_;
    asio::ip::tcp::socket socket_;
    std::optional<TlsStream> tls_;
    boost::beast::flat_buffer buffer_;
    const char* stage_ = "idle";
    bool reusable_ = false;
    bool answered_ = false;
    bool certificate_refused_ = false;
    std::int64_t certificate_end_ = 0;
};

/// Closes a connection when its time is up. An expiry that is already queued when the watchdog ends
/// does nothing: the connection may serve another request by then.
class HttpWatchdog {
  public:
    HttpWatchdog(const asio::any_io_executor& executor, HttpConnection::Deadline deadline,
                 const std::shared_ptr<HttpConnection>& connection);
    ~HttpWatchdog();
    HttpWatchdog(const HttpWatchdog&) = delete;
    HttpWatchdog& operator=(const HttpWatchdog&) = delete;

    [[nodiscard]] bool fired() const { return *state_ == State::fired; }

  private:
    enum class State { watching, fired, ended };
    std::shared_ptr<State> state_ = std::make_shared<State>(State::watching);
    asio::steady_timer timer_;
};

}  // namespace kentongan
