#include "daemon/deliver/channel/alertmanager_channel.hpp"

#include <boost/json.hpp>
#include <map>

#include "daemon/deliver/format/format.hpp"
#include "daemon/deliver/net/http_sender.hpp"

namespace kentongan {

namespace http = boost::beast::http;
namespace json = boost::json;

namespace {

constexpr std::size_t kAtOnce = 200;  // alerts in one request

struct Kept {
    json::value alert;
    Timestamp until{};  // ends_at, or so long after it was resolved
};

/// The body with each alert firing from now on: a message may have waited for longer than its
/// endsAt, and Alertmanager tells nobody of what has ended. A body that is none stays as it is.
std::string firing_from(Timestamp now, std::string body) {
    boost::system::error_code code;
    json::value alerts = json::parse(body, code);
    if (code || !alerts.is_array()) return body;
    const Timestamp least = now + kAlertmanagerFiring;
    for (json::value& alert : alerts.as_array()) {
        if (!alert.is_object()) continue;
        json::value& ends = alert.as_object()["endsAt"];
        const auto end =
            ends.is_string() ? parse_rfc3339(std::string_view(ends.as_string())) : std::nullopt;
        if (!end || *end < least) ends = to_rfc3339(least);
    }
    return json::serialize(alerts);
}

}  // namespace

struct AlertmanagerChannel::Impl {
    AlertmanagerSettings settings;
    const Clock& clock;
    std::vector<std::unique_ptr<HttpSender>> members;
    std::vector<std::unique_ptr<HttpSender>> again;  // of the same members, for tend()
    std::map<std::string, Kept> kept;                // by labels
    std::uint64_t evicted = 0;

    Task<Result<Receipt>> post(HttpSender& member, std::string body);
    void keep(const Delivery& message);
    void forget();
};

AlertmanagerChannel::AlertmanagerChannel(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AlertmanagerChannel::~AlertmanagerChannel() = default;

Result<std::unique_ptr<AlertmanagerChannel>> AlertmanagerChannel::open(
    asio::any_io_executor executor, const AlertmanagerSettings& settings, const Clock& clock) {
    std::unique_ptr<Impl> impl{
        new Impl{.settings = settings, .clock = clock, .members = {}, .again = {}, .kept = {}}};
    for (const std::string& url : settings.urls) {
        auto member = HttpSender::open(executor, url, settings.peer, "alertmanager url");
        if (!member) return std::unexpected(member.error());
        impl->members.push_back(std::move(*member));
        impl->again.push_back(std::move(*HttpSender::open(executor, url, settings.peer, "url")));
    }
    if (impl->members.empty())
        return fail(ErrorCode::config, "alertmanager: no url of a member is named");
    return std::unique_ptr<AlertmanagerChannel>{new AlertmanagerChannel(std::move(impl))};
}

Result<DeliveryChannel::Swap> AlertmanagerChannel::reread() {
    std::vector<Swap> all;
    for (const auto* senders : {&impl_->members, &impl_->again})
        for (const auto& member : *senders) {
            auto swap = member->reread();
            if (!swap) return std::unexpected(swap.error());
            all.push_back(std::move(*swap));
        }
    return [swaps = std::move(all)] {
        for (const Swap& swap : swaps) swap();
    };
}

Task<Result<Receipt>> AlertmanagerChannel::Impl::post(HttpSender& member, std::string body) {
    std::string target = member.url().target;
    while (target.ends_with('/')) target.pop_back();
    auto answer = co_await member.send(member.request(http::verb::post, target + "/api/v2/alerts",
                                                      "application/json", std::move(body)));
    if (!answer)
        co_return std::unexpected(answer.error().within("alertmanager " + member.url().host));
    co_return receipt_of(std::move(*answer));
}

/// By its labels, which are what Alertmanager tells alerts apart by.
void AlertmanagerChannel::Impl::keep(const Delivery& message) {
    boost::system::error_code code;
    const json::value body = json::parse(message.body, code);
    if (code || !body.is_array() || body.as_array().empty()) return;
    const json::value& alert = body.as_array().front();
    if (!alert.is_object()) return;
    const auto* labels = alert.as_object().if_contains("labels");
    const auto* ends = alert.as_object().if_contains("endsAt");
    if (labels == nullptr || ends == nullptr || !ends->is_string()) return;
    const auto end = parse_rfc3339(std::string_view(ends->as_string()));
    if (!end) return;
    const bool over = message.type == "alert.resolved";
    const std::string key = json::serialize(*labels);
    if (!kept.contains(key) && kept.size() >= settings.most) {
        kept.erase(kept.begin());
        ++evicted;
    }
    kept[key] = {alert, over ? clock.now() + settings.resolved_for : *end};
}

void AlertmanagerChannel::Impl::forget() {
    std::erase_if(kept, [&](const auto& one) { return one.second.until < clock.now(); });
}

Task<Result<Receipt>> AlertmanagerChannel::deliver(Delivery message) {
    Result<Receipt> best = fail(ErrorCode::internal, "no member was asked");
    bool taken = false;
    if (message.lane != Urgency::heartbeat && message.type != "alert.resolved")
        message.body = firing_from(impl_->clock.now(), std::move(message.body));
    for (const auto& member : impl_->members) {
        auto answer = co_await impl_->post(*member, message.body);
        const bool good = answer && answer->status / 100 == 2;
        if (good || !taken) best = std::move(answer);
        taken = taken || good;
    }
    if (taken && message.lane != Urgency::heartbeat) impl_->keep(message);
    co_return best;
}

Task<> AlertmanagerChannel::tell_again() {
    impl_->forget();
    std::vector<std::string> bodies;
    json::array part;
    for (const auto& [key, one] : impl_->kept) {
        part.push_back(one.alert);
        if (part.size() < kAtOnce) continue;
        bodies.push_back(json::serialize(part));
        part.clear();
    }
    if (!part.empty()) bodies.push_back(json::serialize(part));
    for (const auto& member : impl_->again)
        for (const std::string& body : bodies) {
            auto answer = co_await impl_->post(*member, body);
            if (!answer) break;  // a member that is down gets them the next time
        }
}

Task<> AlertmanagerChannel::tend() {
    for (;;) {
        co_await sleep_for(impl_->settings.again);
        co_await tell_again();
    }
}

std::size_t AlertmanagerChannel::remembered() const { return impl_->kept.size(); }
std::uint64_t AlertmanagerChannel::evicted() const { return impl_->evicted; }

}  // namespace kentongan
