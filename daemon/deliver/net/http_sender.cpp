#include "daemon/deliver/net/http_sender.hpp"

namespace kentongan {

namespace http = boost::beast::http;

namespace {

Result<std::shared_ptr<asio::ssl::context>> tls_of(const HttpUrl& url,
                                                   const PeerSettings& settings) {
    if (!url.tls) return std::shared_ptr<asio::ssl::context>{};
    return client_tls(settings.ca_file, settings.certificate_file, settings.key_file);
}

}  // namespace

Result<std::unique_ptr<HttpSender>> HttpSender::open(asio::any_io_executor executor,
                                                     const std::string& url,
                                                     const PeerSettings& settings,
                                                     std::string_view what) {
    auto parsed = HttpUrl::parse(url, what);
    if (!parsed) return std::unexpected(parsed.error());
    auto policy = policy_of(settings);
    if (!policy) return std::unexpected(policy.error());
    auto tls = tls_of(*parsed, settings);
    if (!tls) return std::unexpected(tls.error());
    return std::unique_ptr<HttpSender>{new HttpSender(
        std::move(executor), std::move(*parsed), settings, std::move(*policy), std::move(*tls))};
}

HttpRequest HttpSender::request(http::verb verb, const std::string& target, std::string_view type,
                                std::string body) const {
    HttpRequest out{verb, target, 11};
    out.set(http::field::host, url_.authority());
    out.set(http::field::user_agent, "kentongan/" KENTONGAN_VERSION);
    if (body.empty()) return out;
    out.set(http::field::content_type, type);
    out.body() = std::move(body);
    out.prepare_payload();
    return out;
}

Result<std::function<void()>> HttpSender::reread() {
    auto tls = tls_of(url_, settings_);
    if (!tls) return std::unexpected(tls.error());
    return [this, made = std::move(*tls)] {
        tls_ = made;
        if (tls_ && connection_ && connection_->reusable()) connection_.reset();
    };
}

Task<Result<HttpAnswer>> HttpSender::send(HttpRequest request) {
    const auto deadline = asio::steady_timer::clock_type::now() + settings_.timeout;
    const bool was_idle = connection_ && connection_->reusable();
    auto answer = co_await attempt(request, deadline);
    if (!answer && was_idle && !connection_) answer = co_await attempt(request, deadline);
    co_return answer;
}

Task<Result<HttpAnswer>> HttpSender::attempt(const HttpRequest& request,
                                             HttpConnection::Deadline deadline) {
    const bool fresh = !connection_ || !connection_->reusable();
    if (fresh) connection_ = std::make_shared<HttpConnection>(executor_, url_, tls_, policy_);
    const auto used = connection_;  // a cancelled attempt leaves it not reusable
    const HttpWatchdog watchdog{executor_, deadline, used};
    Result<HttpAnswer> answer = std::unexpected(Error{});
    if (auto connected = fresh ? co_await used->connect(deadline) : Result<>{}; !connected)
        answer = std::unexpected(connected.error());
    else
        answer = co_await used->exchange(request);
    if (watchdog.fired())
        co_return fail(ErrorCode::unavailable, "no answer within {} ms ({})",
                       settings_.timeout.count(), used->stage());
    if (!answer && !used->answered() && connection_ == used) connection_.reset();
    co_return answer;
}

Receipt receipt_of(HttpAnswer answer) {
    return {answer.status, std::move(answer.body), answer.retry_after};
}

}  // namespace kentongan
