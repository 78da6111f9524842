#include "daemon/deliver/webhook_channel.hpp"

#include "daemon/deliver/net/http_sender.hpp"
#include "daemon/deliver/signing.hpp"

namespace kentongan {

namespace http = boost::beast::http;

struct WebhookChannel::Impl {
    WebhookSettings settings;
    const Clock& clock;
    std::unique_ptr<HttpSender> sender;
    WebhookKeys keys;

    HttpRequest request_for(const Delivery& message) const;
    Result<WebhookKeys> read_keys() const;
};

WebhookChannel::WebhookChannel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebhookChannel::~WebhookChannel() = default;

Result<std::unique_ptr<WebhookChannel>> WebhookChannel::open(asio::any_io_executor executor,
                                                             const WebhookSettings& settings,
                                                             const Clock& clock) {
    PeerSettings peer{.ca_file = settings.ca_file,
                      .certificate_file = settings.certificate_file,
                      .key_file = settings.key_file,
                      .proxy = settings.proxy,
                      .allow = settings.allow,
                      .timeout = settings.timeout};
    auto sender = HttpSender::open(std::move(executor), settings.url, peer, "webhook url");
    if (!sender) return std::unexpected(sender.error());
    std::unique_ptr<Impl> impl{
        new Impl{.settings = settings, .clock = clock, .sender = std::move(*sender), .keys = {}}};
    auto keys = impl->read_keys();
    if (!keys) return std::unexpected(keys.error());
    impl->keys = std::move(*keys);
    return std::unique_ptr<WebhookChannel>{new WebhookChannel(std::move(impl))};
}

Result<WebhookKeys> WebhookChannel::Impl::read_keys() const {
    if (!settings.is_signed && settings.secret_file.empty()) return WebhookKeys{};
    return load_webhook_keys(settings.secret_file);
}

Result<DeliveryChannel::Swap> WebhookChannel::reread() {
    auto keys = impl_->read_keys();
    if (!keys) return std::unexpected(keys.error());
    auto certificates = impl_->sender->reread();
    if (!certificates) return std::unexpected(certificates.error());
    return [this, made = std::move(*keys), swap = std::move(*certificates)] {
        impl_->keys = made;
        swap();
    };
}

Task<Result<Receipt>> WebhookChannel::deliver(Delivery message) {
    auto answer = co_await impl_->sender->send(impl_->request_for(message));
    if (!answer) {  // without the path: it may hold a token, and errors are told to other agencies
        const HttpUrl& url = impl_->sender->url();
        co_return std::unexpected(answer.error().within(
            fmt::format("POST {}://{}", url.tls ? "https" : "http", url.authority())));
    }
    co_return receipt_of(std::move(*answer));
}

HttpRequest WebhookChannel::Impl::request_for(const Delivery& message) const {
    const std::string id = message_id(message);
    const auto now = clock.now().time_since_epoch();
    const std::int64_t timestamp = std::chrono::floor<std::chrono::seconds>(now).count();
    HttpRequest request =
        sender->request(http::verb::post, sender->url().target, settings.media_type, message.body);
    request.set("webhook-id", id);
    request.set("webhook-timestamp", std::to_string(timestamp));
    if (!keys.empty()) request.set("webhook-signature", sign(keys, id, timestamp, message.body));
    return request;
}

}  // namespace kentongan
