#include "daemon/deliver/channel/taxii_channel.hpp"

#include "daemon/base/digest.hpp"
#include "daemon/deliver/net/http_sender.hpp"
#include "daemon/deliver/net/taxii_status.hpp"

namespace kentongan {

namespace http = boost::beast::http;

namespace {
constexpr std::string_view kMediaType = "application/taxii+json;version=2.1";
}

struct TaxiiChannel::Impl {
    TaxiiSettings settings;
    std::unique_ptr<HttpSender> sender;
    std::string root;
    std::string authorization;

    HttpRequest request(http::verb verb, const std::string& target, std::string body) const;
    Result<std::string> read_authorization() const;
    Task<Result<Receipt>> follow(HttpAnswer answer);
};

TaxiiChannel::TaxiiChannel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TaxiiChannel::~TaxiiChannel() = default;

Result<std::unique_ptr<TaxiiChannel>> TaxiiChannel::open(asio::any_io_executor executor,
                                                         const TaxiiSettings& settings) {
    auto sender = HttpSender::open(std::move(executor), settings.url, settings.peer, "taxii url");
    if (!sender) return std::unexpected(sender.error());
    auto root = taxii_root((*sender)->url().target);
    if (!root) return std::unexpected(root.error());
    std::unique_ptr<Impl> impl{new Impl{.settings = settings,
                                        .sender = std::move(*sender),
                                        .root = std::move(*root),
                                        .authorization = {}}};
    auto read = impl->read_authorization();
    if (!read) return std::unexpected(read.error());
    impl->authorization = std::move(*read);
    return std::unique_ptr<TaxiiChannel>{new TaxiiChannel(std::move(impl))};
}

Result<std::string> TaxiiChannel::Impl::read_authorization() const {
    if (settings.user.empty()) return std::string{};
    const auto password = load_password(settings.password_file);
    if (!password) return std::unexpected(password.error());
    return "Basic " + to_base64(as_bytes(settings.user + ":" + *password));
}

Result<DeliveryChannel::Swap> TaxiiChannel::reread() {
    auto read = impl_->read_authorization();
    if (!read) return std::unexpected(read.error());
    auto certificates = impl_->sender->reread();
    if (!certificates) return std::unexpected(certificates.error());
    return [this, made = std::move(*read), swap = std::move(*certificates)] {
        impl_->authorization = made;
        swap();
    };
}

HttpRequest TaxiiChannel::Impl::request(http::verb verb, const std::string& target,
                                        std::string body) const {
    HttpRequest out = sender->request(verb, target, kMediaType, std::move(body));
    out.set(http::field::accept, kMediaType);
    if (!authorization.empty()) out.set(http::field::authorization, authorization);
    return out;
}

Task<Result<Receipt>> TaxiiChannel::deliver(Delivery message) {
    const std::string target = impl_->sender->url().target;
    auto answer =
        co_await impl_->sender->send(impl_->request(http::verb::post, target, message.body));
    if (!answer)
        co_return std::unexpected(answer.error().within("taxii " + impl_->sender->url().host));
    if (answer->status / 100 != 2) co_return receipt_of(std::move(*answer));
    co_return co_await impl_->follow(std::move(*answer));
}

Task<Result<Receipt>> TaxiiChannel::Impl::follow(HttpAnswer answer) {
    auto pause = settings.first_poll;
    for (int polls = 0;; ++polls) {
        const auto status = parse_taxii_status(answer.body);
        if (!status)
            co_return std::unexpected(status.error().within("taxii " + sender->url().host));
        Receipt receipt{.status = 200, .body = answer.body, .retry_after = std::nullopt};
        if (status->failed > 0) {
            receipt.status = 422;
            receipt.body = fmt::format("{} objects refused: {}", status->failed, status->failure);
        }
        if (status->complete || status->failed > 0) co_return receipt;
        if (polls >= settings.polls)
            co_return Receipt{.status = 503,
                              .body = fmt::format("{} objects still pending", status->pending),
                              .retry_after = std::nullopt};
        co_await sleep_for(pause);
        pause *= 2;
        const std::string target = fmt::format("{}status/{}/", root, status->id);
        auto next = co_await sender->send(request(http::verb::get, target, ""));
        if (!next) co_return std::unexpected(next.error().within("taxii " + target));
        if (next->status / 100 != 2) co_return receipt_of(std::move(*next));
        answer = std::move(*next);
    }
}

}  // namespace kentongan
