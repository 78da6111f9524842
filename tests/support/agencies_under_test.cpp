#include "tests/support/agencies_under_test.hpp"

#include <boost/json.hpp>
#include <future>

#include "daemon/base/digest.hpp"

namespace kentongan {

namespace json = boost::json;

const std::vector<std::string>& AgenciesUnderTest::names() {
    static const std::vector<std::string> all{"kpu", "bssn", "polri", "brin"};
    return all;
}

std::string AgenciesUnderTest::secret(const std::string& agency) {
    const auto seed = sha256(as_bytes(agency));
    return "whsk_" + to_base64(seed);
}

AgenciesUnderTest::AgenciesUnderTest() {
    on_loop([this] {
        for (const auto& name : names()) {
            ReceiverSettings settings;
            settings.keys = {
                WebhookKey::parse(WebhookKey::parse(secret(name))->public_text()).value()};
            settings.remembered = 1;
            settings.on_accepted = [this, name](const ReceivedMessage& m) { take(name, m); };
            inboxes_[name] = {};
            receivers_[name] =
                std::make_unique<WebhookReceiver>(thread_.executor(), std::move(settings));
        }
    });
}

AgenciesUnderTest::~AgenciesUnderTest() {
    on_loop([this] { receivers_.clear(); });
}

std::string AgenciesUnderTest::url(const std::string& agency) const {
    return receivers_.at(agency)->url();
}

void AgenciesUnderTest::down(const std::string& agency) {
    on_loop([&] { receivers_.at(agency)->down(); });
}
void AgenciesUnderTest::up(const std::string& agency) {
    on_loop([&] { receivers_.at(agency)->up(); });
}
void AgenciesUnderTest::usually(const std::string& agency, const ReceiverAnswer& answer) {
    on_loop([&] { receivers_.at(agency)->usually(answer); });
}

std::vector<AgenciesUnderTest::Message> AgenciesUnderTest::accepted(
    const std::string& agency) const {
    const std::scoped_lock lock(mutex_);
    return inboxes_.at(agency).messages;
}

std::size_t AgenciesUnderTest::distinct(const std::string& agency) const {
    const std::scoped_lock lock(mutex_);
    return inboxes_.at(agency).by_webhook_id.size();
}

std::size_t AgenciesUnderTest::alerts(const std::string& agency) const {
    const std::scoped_lock lock(mutex_);
    return inboxes_.at(agency).created;
}

void AgenciesUnderTest::take(const std::string& agency, const ReceivedMessage& received) {
    const auto parsed = json::parse(received.body);
    Message message;
    message.webhook_id = received.id;
    message.type = parsed.at("type").as_string();
    message.alert_id = parsed.at("data").at("event").at("id").as_string();
    message.body = received.body;
    const std::scoped_lock lock(mutex_);
    message.number = ++arrived_;
    Inbox& inbox = inboxes_.at(agency);
    const bool is_new =
        inbox.by_webhook_id.emplace(message.webhook_id, inbox.messages.size()).second;
    if (is_new && message.type == "alert.created") ++inbox.created;
    inbox.messages.push_back(std::move(message));
}

void AgenciesUnderTest::on_loop(const std::function<void()>& work) {
    std::packaged_task<void()> task{work};
    auto done = task.get_future();
    asio::post(thread_.executor(), [&task] { task(); });
    done.get();
}

}  // namespace kentongan
