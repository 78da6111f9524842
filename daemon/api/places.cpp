// An alert's place in triage, written into the JSON that was stored.
#include <boost/json.hpp>

#include "daemon/api/casework.hpp"
#include "daemon/api/handlers.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

// Within a text of JSON a quotation mark is escaped, so these are members and nothing else.
constexpr std::string_view kEvent = "\"event\":{";
constexpr std::string_view kId = "\"id\":\"";
constexpr std::string_view kPart = "\"kentongan\":{";

std::string id_in(std::string_view text) {
    const auto event = text.find(kEvent);
    const auto id = event == std::string_view::npos ? event : text.find(kId, event);
    if (id == std::string_view::npos) return {};
    text.remove_prefix(id + kId.size());
    return std::string{text.substr(0, text.find('"'))};
}

std::string members_of(const Place& place) {
    const std::string text = json::serialize(json::object{{"state", place.state},
                                                          {"reason", place.reason},
                                                          {"assignee", place.assignee},
                                                          {"case", place.case_id},
                                                          {"revision", place.revision}});
    return text.substr(1, text.size() - 2) + ",";
}

}  // namespace

void write_places(const Service& service, std::vector<StoredAlert>& alerts) {
    if (service.dependencies.casework == nullptr) return;
    for (StoredAlert& alert : alerts) {
        const auto part = alert.json.find(kPart);
        const auto place = service.dependencies.casework->place(id_in(alert.json));
        if (part == std::string::npos || !place || !*place) continue;
        alert.json.insert(part + kPart.size(), members_of(**place));
    }
}

Task<> tell_places(Service& service, std::vector<StoredAlert>& alerts) {
    if (service.dependencies.casework == nullptr || alerts.empty()) co_return;
    const auto work = [&] {
        write_places(service, alerts);
        return true;
    };
    (void)co_await run_on(service.dependencies.store, work);
}

}  // namespace kentongan::api
