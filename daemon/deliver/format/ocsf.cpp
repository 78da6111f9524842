// OCSF 1.8.0 Detection Finding, class 2004 (ocsf-schema events/findings/detection_finding.json).
#include <array>
#include <boost/json.hpp>

#include "daemon/deliver/format/format.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

int analytic_type(std::string_view ruleset) {
    if (ruleset == "anomaly") return 3;                            // statistical
    if (ruleset == "sirekap" || ruleset == "integrity") return 2;  // behavioural
    return 1;                                                      // rule
}

int activity_of(std::string_view type) {
    if (type == "alert.created") return 1;
    return type == "alert.resolved" ? 3 : 2;
}

void observe(json::array& out, int type, std::string_view name, const std::string& value) {
    if (!value.empty())
        out.push_back(json::object{{"type_id", type}, {"name", name}, {"value", value}});
}

json::array observables(const json::object& alert) {
    json::array out;
    observe(out, 2, "src", text_at(alert, "source.ip"));
    observe(out, 99, "src.network", text_at(alert, "source.address"));
    observe(out, 2, "dst", text_at(alert, "destination.ip"));
    observe(out, 4, "user", text_at(alert, "user.name"));
    observe(out, 1, "host", text_at(alert, "host.hostname"));
    observe(out, 6, "url", text_at(alert, "url.original"));
    observe(out, 7, "file", text_at(alert, "file.path"));
    observe(out, 8, "file.hash", text_at(alert, "file.hash.sha256"));
    return out;
}

json::array attacks(const json::object& alert) {
    json::array out;
    for (const std::string& id : texts_at(alert, "threat.technique.id"))
        out.push_back(json::object{{"technique", json::object{{"uid", id}}}});
    return out;
}

json::array evidences(const json::object& alert) {
    json::array out;
    const json::value* list = find_path(alert, "kentongan.evidence");
    if (list == nullptr || !list->is_array()) return out;
    for (const json::value& item : list->as_array()) out.push_back(json::object{{"data", item}});
    return out;
}

json::object metadata(const Message& message) {
    return {{"version", "1.8.0"},
            {"product", json::object{{"name", "kentongan"},
                                     {"vendor_name", message.settings.vendor},
                                     {"version", KENTONGAN_VERSION}}},
            {"log_name", "alerts"},
            {"uid", text_at(message.alert, "event.id")},
            {"tenant_uid", message.settings.tenant},
            {"original_time", text_at(message.alert, "@timestamp")},
            {"profiles", json::array{"incident"}}};
}

json::object finding_info(const Message& message) {
    const json::object& alert = message.alert;
    json::object out{
        {"uid", text_at(alert, "event.id")},
        {"title", text_at(alert, "rule.name")},
        {"created_time", millis_at(alert, "event.created")},
        {"analytic", json::object{{"type_id", analytic_type(text_at(alert, "rule.ruleset"))},
                                  {"uid", text_at(alert, "rule.id")},
                                  {"name", text_at(alert, "rule.name")},
                                  {"version", text_at(alert, "rule.version")}}}};
    if (auto list = attacks(alert); !list.empty()) out["attacks"] = std::move(list);
    if (!message.settings.link.empty())
        out["src_url"] = message.settings.link + text_at(alert, "event.id");
    return out;
}

}  // namespace

json::object to_ocsf(const Message& message) {
    constexpr std::array kSeverity{1, 2, 3, 4, 5};
    const json::object& alert = message.alert;
    const int activity = activity_of(message.type);
    json::object out{{"category_uid", 2},
                     {"class_uid", 2004},
                     {"activity_id", activity},
                     {"type_uid", 200400 + activity},
                     {"severity_id", kSeverity[level_of(alert)]},
                     {"status_id", activity == 3 ? 4 : 1},
                     {"is_alert", true},
                     {"time", millis_at(alert, "event.created")},
                     {"timezone_offset", 0},
                     {"message", headline(alert)},
                     {"metadata", metadata(message)},
                     {"finding_info", finding_info(message)}};
    if (const auto count = number_at(alert, "kentongan.count"); count > 0) out["count"] = count;
    if (const auto start = millis_at(alert, "kentongan.first_seen")) out["start_time"] = start;
    if (const auto end = millis_at(alert, "kentongan.last_seen")) out["end_time"] = end;
    if (auto list = observables(alert); !list.empty()) out["observables"] = std::move(list);
    if (auto list = evidences(alert); !list.empty()) out["evidences"] = std::move(list);
    json::object unmapped{{"tlp", text_at(alert, "labels.tlp")},
                          {"exercise", is_exercise(alert)},
                          {"rule_class", text_at(alert, "rule.category")}};
    for (const auto* name : {"sirekap", "prefixes", "entity", "truncated"})
        if (const auto* value = find_path(alert, std::string("kentongan.") + name))
            unmapped[name] = *value;
    out["unmapped"] = std::move(unmapped);
    return out;
}

}  // namespace kentongan
