#include "daemon/api/wall_view.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/api/red_reads.hpp"

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

using enum query::Name;
constexpr std::array kFields{first_seen, last_seen, severity,        count,   tlp,
                             exercise,   agency,    state,           reason,  case_id,
                             suppressed, rule_id,   rule_name,       ruleset, category,
                             technique,  area,      query::Name::id, assignee};

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

bool is_hidden(query::Name field) { return std::ranges::find(kFields, field) == kFields.end(); }

/// The field that is not for the wall; empty when there is none in the question.
std::string hidden_in(const query::Expression& question) {
    if (question.kind == query::Expression::Kind::condition) {
        const query::Field* field = question.condition.field;
        if (field == nullptr) return "words of the text";
        return is_hidden(field->name) ? std::string{field->text} : std::string{};
    }
    for (const query::Expression& one : question.parts)
        if (auto hidden = hidden_in(one); !hidden.empty()) return hidden;
    return {};
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

AlertsWanted alerts_wanted(const Call& call, SearchRequest::What what) {
    AlertsWanted out =
        parse_alerts_wanted(call.request.parsed, what, call.service.dependencies.clock.now());
    if (!is_wall(call)) return out;
    constexpr std::string_view kHidden = "the role wall may not ask about {}";
    if (const auto hidden = hidden_in(out.request.where); !hidden.empty())
        out.errors.push_back({"q", fmt::format(kHidden, hidden)});
    if (out.request.by && is_hidden(*out.request.by))
        out.errors.push_back({"by", fmt::format(kHidden, query::field(*out.request.by).text)});
    return out;
}

void show_to(const Call& call, std::vector<StoredAlert>& alerts) {
    std::vector<std::string> red;
    for (StoredAlert& alert : alerts) {
        if (is_wall(call))
            alert.json = wall_alert(alert.json);
        else if (auto object = red_object(alert.json); !object.empty())
            red.push_back(std::move(object));
    }
    tell_of_reading(call.service, call.who.name, std::move(red));
}

}  // namespace kentongan::api
