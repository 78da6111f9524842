#pragma once
// HttpSender: requests to one server, one at a time over a connection that is kept alive, each with
// a deadline from name lookup to answer. Include it from a .cpp only.
#include "daemon/async/http_connection.hpp"
#include "daemon/deliver/delivery_channel.hpp"
#include "daemon/deliver/net/peer.hpp"

namespace kentongan {

class HttpSender {
  public:
    /// `what` it is the address of. Errors (config) name the URL, CA file, certificate or proxy.
    static Result<std::unique_ptr<HttpSender>> open(asio::any_io_executor executor,
                                                    const std::string& url,
                                                    const PeerSettings& settings,
                                                    std::string_view what);

    [[nodiscard]] const HttpUrl& url() const { return url_; }
    /// With Host, User-Agent and, for a body, its type and length.
    [[nodiscard]] HttpRequest request(boost::beast::http::verb verb, const std::string& target,
                                      std::string_view type, std::string body) const;
    /// A connection that was idle may have been closed by the other side: then, and only when
    /// nothing of an answer came, the same attempt goes on over a new one.
    Task<Result<HttpAnswer>> send(HttpRequest request);
    /// Reads certificates again; used from the answer's call on.
    Result<std::function<void()>> reread();

  private:
    HttpSender(asio::any_io_executor executor, HttpUrl url, PeerSettings settings,
               DialPolicy policy, std::shared_ptr<asio::ssl::context> tls)
        : executor_(std::move(executor)),
          url_(std::move(url)),
          settings_(std::move(settings)),
          policy_(std::move(policy)),
          tls_(std::move(tls)) {}
    Task<Result<HttpAnswer>> attempt(const HttpRequest& request, HttpConnection::Deadline deadline);

    asio::any_io_executor executor_;
    HttpUrl url_;
    PeerSettings settings_;
    DialPolicy policy_;
    std::shared_ptr<asio::ssl::context> tls_;
    std::shared_ptr<HttpConnection> connection_;
};

[[nodiscard]] Receipt receipt_of(HttpAnswer answer);

}  // namespace kentongan
