#include "daemon/api/wall_view.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace kentongan::api {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 4> kWhole{"@timestamp", "ecs", "rule", "labels"};
constexpr std::array<std::string_view, 6> kOfEvent{"kind",    "id",      "severity",
                                                   "dataset", "created", "category"};
constexpr std::array<std::string_view, 9> kOfKentongan{"state",      "assignee",  "case",
                                                       "revision",   "count",     "advisory",
                                                       "first_seen", "last_seen", "agencies"};
constexpr std::array<std::string_view, 12> kOfCase{"id",         "severity", "state",  "tlp",
                                                   "exercise",   "breach",   "opened", "closed",
                                                   "discovered", "reported", "clocks", "revision"};

constexpr std::array<std::string_view, 5> kOfStall{"begin", "cause", "state", "came", "expected"};

template <std::size_t N>
json::object members(const json::object& from, const std::array<std::string_view, N>& names) {
    json::object out;
    for (const std::string_view name : names)
        if (const auto* value = from.if_contains(name)) out[name] = *value;
    return out;
}

const json::object* part(const json::object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

/// What the newest record of a stop of uploads says of it: cause, since when, whether it goes on.
std::optional<json::object> stall_part(const json::object& own) {
    const auto* evidence = own.if_contains("evidence");
    if (evidence == nullptr || !evidence->is_array()) return std::nullopt;
    std::optional<json::object> out;
    for (const json::value& item : evidence->as_array()) {
        const auto* excerpt = item.is_object() ? item.as_object().if_contains("excerpt") : nullptr;
        if (excerpt == nullptr || !excerpt->is_string()) continue;
        boost::system::error_code bad;
        const json::value record = json::parse(excerpt->as_string(), bad);
        const auto* said = bad ? nullptr : record.find_pointer("/statement", bad);
        if (said == nullptr || !said->is_object()) continue;
        const auto* kind = said->as_object().if_contains("kind");
        if (kind == nullptr || *kind != "upload-stall") continue;
        out = members(said->as_object(), kOfStall);
    }
    return out;
}

json::object own_part(const json::object& from) {
    json::object out = members(from, kOfKentongan);
    if (const auto* sirekap = part(from, "sirekap"))
        if (const auto* area = sirekap->if_contains("area"); area != nullptr && area->is_string())
            out["sirekap"] = json::object{{"area", area->as_string().subview(0, 6)}};
    if (auto stall = stall_part(from)) out["stall"] = std::move(*stall);
    return out;
}

}  // namespace

std::string wall_alert(const std::string& alert) {
    boost::system::error_code bad;
    const json::value value = json::parse(alert, bad);
    if (bad || !value.is_object()) return "{}";
    const json::object& from = value.as_object();
    json::object out = members(from, kWhole);
    if (const auto* event = part(from, "event")) out["event"] = members(*event, kOfEvent);
    if (const auto* rule = part(from, "rule"))
        if (const auto* name = rule->if_contains("name")) out["message"] = *name;
    if (const auto* own = part(from, "kentongan")) out["kentongan"] = own_part(*own);
    return json::serialize(out);
}

json::object wall_case(const json::object& record) {
    json::object out = members(record, kOfCase);
    if (const auto* alerts = record.if_contains("alerts"); alerts != nullptr && !alerts->is_array())
        out["alerts"] = *alerts;
    return out;
}

json::object wall_drill(json::object score) {
    const auto without_messages = [](json::value* alerts) {
        if (alerts == nullptr || !alerts->is_array()) return;
        for (json::value& one : alerts->as_array())
            if (one.is_object()) one.as_object().erase("message");
    };
    for (const auto* list : {"false_alarms", "unmarked"}) without_messages(score.if_contains(list));
    if (auto* scenarios = score.if_contains("scenarios");
        scenarios != nullptr && scenarios->is_array())
        for (json::value& one : scenarios->as_array())
            if (one.is_object()) without_messages(one.as_object().if_contains("alerts"));
    return score;
}

json::object wall_status(json::object status) {
    if (auto* reasons = status.if_contains("reasons"); reasons != nullptr && reasons->is_array())
        for (json::value& one : reasons->as_array())
            if (auto* text = one.if_string())  // what follows the colon is an error, with paths
                text->resize(std::min(text->size(), text->find(':')));
    if (auto* changes = status.if_contains("changes"); changes != nullptr && changes->is_array())
        for (json::value& one : changes->as_array())
            if (one.is_object()) one.as_object().erase("why");
    if (auto* agencies = status.if_contains("agencies");
        agencies != nullptr && agencies->is_array())
        for (json::value& one : agencies->as_array())
            if (one.is_object()) one.as_object()["state"] = "";
    return status;
}

}  // namespace kentongan::api
