#include "daemon/deliver/webhook_channel.hpp"

#include "daemon/async/http_connection.hpp"
#include "daemon/deliver/signing.hpp"

namespace kentongan {

namespace http = boost::beast::http;

struct WebhookChannel::Impl {
    asio::any_io_executor executor;
    WebhookSettings settings;
    const Clock& clock;
    HttpUrl url;
    WebhookKeys keys;
    std::shared_ptr<asio::ssl::context> tls;
    std::shared_ptr<HttpConnection> connection;

    HttpRequest request_for(const Delivery& message) const;
    Task<Result<Receipt>> attempt(const HttpRequest& request, HttpConnection::Deadline deadline);
    Task<Result<Receipt>> attempt_in_time(HttpRequest request);
};

namespace {
Receipt receipt_of(HttpAnswer answer) {
    return {answer.status, std::move(answer.body), answer.retry_after};
}
}  // namespace

WebhookChannel::WebhookChannel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebhookChannel::~WebhookChannel() = default;

Result<std::unique_ptr<WebhookChannel>> WebhookChannel::open(asio::any_io_executor executor,
                                                             const WebhookSettings& settings,
                                                             const Clock& clock) {
    auto url = HttpUrl::parse(settings.url, "webhook url");
    if (!url) return std::unexpected(url.error());
    auto keys = load_webhook_keys(settings.secret_file);
    if (!keys) return std::unexpected(keys.error());
    std::shared_ptr<asio::ssl::context> tls;
    if (url->tls) {
        auto made = client_tls(settings.ca_file);
        if (!made) return std::unexpected(made.error());
        tls = std::move(*made);
    }
    std::unique_ptr<Impl> impl{new Impl{.executor = std::move(executor),
                                        .settings = settings,
                                        .clock = clock,
                                        .url = std::move(*url),
                                        .keys = std::move(*keys),
                                        .tls = std::move(tls),
                                        .connection = nullptr}};
    return std::unique_ptr<WebhookChannel>{new WebhookChannel(std::move(impl))};
}

Result<> WebhookChannel::reload_keys() {
    auto keys = load_webhook_keys(impl_->settings.secret_file);
    if (!keys) return std::unexpected(keys.error());
    impl_->keys = std::move(*keys);
    return {};
}

Task<Result<Receipt>> WebhookChannel::deliver(Delivery message) {
    auto answer = co_await impl_->attempt_in_time(impl_->request_for(message));
    if (!answer) co_return std::unexpected(answer.error().within("POST " + impl_->settings.url));
    co_return answer;
}

HttpRequest WebhookChannel::Impl::request_for(const Delivery& message) const {
    const std::string id = message_id(message);
    const auto now = clock.now().time_since_epoch();
    const std::int64_t timestamp = std::chrono::floor<std::chrono::seconds>(now).count();
    HttpRequest request{http::verb::post, url.target, 11};
    request.set(http::field::host, url.authority());
    request.set(http::field::user_agent, "kentongan/" KENTONGAN_VERSION);
    request.set(http::field::content_type, "application/json");
    request.set("webhook-id", id);
    request.set("webhook-timestamp", std::to_string(timestamp));
    request.set("webhook-signature", sign(keys, id, timestamp, message.body));
    request.body() = message.body;
    request.prepare_payload();
    return request;
}

// A connection that was idle may have been closed by the other side: then, and only when nothing
// of an answer came, the same attempt goes on over a new one.
Task<Result<Receipt>> WebhookChannel::Impl::attempt_in_time(HttpRequest request) {
    const auto deadline = asio::steady_timer::clock_type::now() + settings.timeout;
    const bool was_idle = connection && connection->reusable();
    auto answer = co_await attempt(request, deadline);
    if (!answer && was_idle && !connection) answer = co_await attempt(request, deadline);
    co_return answer;
}

Task<Result<Receipt>> WebhookChannel::Impl::attempt(const HttpRequest& request,
                                                    HttpConnection::Deadline deadline) {
    const bool fresh = !connection || !connection->reusable();
    if (fresh) connection = std::make_shared<HttpConnection>(executor, url, tls);
    const auto used = connection;  // a cancelled attempt leaves it not reusable
    const HttpWatchdog watchdog{executor, deadline, used};
    Result<Receipt> answer = std::unexpected(Error{});
    if (auto connected = fresh ? co_await used->connect(deadline) : Result<>{}; !connected)
        answer = std::unexpected(connected.error());
    else if (auto given = co_await used->exchange(request); given)
        answer = receipt_of(std::move(*given));
    else
        answer = std::unexpected(given.error());
    if (watchdog.fired())
        co_return fail(ErrorCode::unavailable, "no answer within {} ms ({})",
                       settings.timeout.count(), used->stage());
    if (!answer && !used->answered()) connection.reset();
    co_return answer;
}

}  // namespace kentongan
