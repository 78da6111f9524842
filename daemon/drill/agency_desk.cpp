#include "daemon/drill/agency_desk.hpp"

#include <sys/random.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "daemon/base/digest.hpp"

namespace kentongan::drill {

AgencyDesk::AgencyDesk(asio::any_io_executor executor, const Clock& clock) : clock_(clock) {
    for (const auto* name : {"kpu", "bssn", "polri", "brin"}) {
        const std::string secret = "whsk_" + to_base64(as_bytes(random_bytes(32)));
        ReceiverSettings settings;
        settings.keys = {WebhookKey::parse(WebhookKey::parse(secret)->public_text()).value()};
        settings.remembered = 16;
        settings.on_accepted = [this, agency = std::string(name)](const ReceivedMessage& message) {
            take(agency, message);
        };
        receivers_.push_back(std::make_unique<WebhookReceiver>(executor, std::move(settings)));
        agencies_.push_back({name, receivers_.back()->url(), secret});
    }
}

void AgencyDesk::take(const std::string& agency, const ReceivedMessage& message) {
    boost::system::error_code failed;
    const auto body = boost::json::parse(message.body, failed);
    const auto* object = failed ? nullptr : body.if_object();
    const auto* data = object == nullptr ? nullptr : object->if_contains("data");
    if (data == nullptr || !data->is_object()) return;
    const auto text = [&](const char* outer, const char* inner) -> std::string {
        const auto* part = data->get_object().if_contains(outer);
        const auto* member =
            part == nullptr || !part->is_object() ? nullptr : part->get_object().if_contains(inner);
        return member == nullptr || !member->is_string() ? std::string{}
                                                         : std::string(member->get_string());
    };
    if (text("labels", "exercise") != "true") ++unmarked_;
    told_[text("event", "id")].emplace(agency, clock_.now());
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (::getrandom(out.data(), count, 0) != static_cast<ssize_t>(count))
        throw std::runtime_error("the system gives no random bytes");
    return out;
}

}  // namespace kentongan::drill
