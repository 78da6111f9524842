// An alert's place in triage, written into the JSON that was stored.
#include <boost/json.hpp>

#include "daemon/store/triage.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

// Within a text of JSON a quotation mark is escaped, so these are members and nothing else.
constexpr std::string_view kEvent = "\"event\":{";
constexpr std::string_view kId = "\"id\":\"";
constexpr std::string_view kPart = "\"kentongan\":{";

}  // namespace

std::string id_in(std::string_view text) {
    const auto event = text.find(kEvent);
    const auto id = event == std::string_view::npos ? event : text.find(kId, event);
    if (id == std::string_view::npos) return {};
    text.remove_prefix(id + kId.size());
    return std::string{text.substr(0, text.find('"'))};
}

void write_place(std::string& alert, const Place& place) {
    const auto part = alert.find(kPart);
    if (part == std::string::npos) return;
    const std::string text = json::serialize(json::object{{"state", place.state},
                                                          {"reason", place.reason},
                                                          {"assignee", place.assignee},
                                                          {"case", place.case_id},
                                                          {"revision", place.revision}});
    alert.insert(part + kPart.size(), text.substr(1, text.size() - 2) + ",");
}

}  // namespace kentongan
