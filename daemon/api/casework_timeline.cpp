// A case told in time order, and the facts of its report.
#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "daemon/alert/personal.hpp"
#include "daemon/api/casework.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

std::string text_at(const json::value& value, std::string_view pointer) {
    boost::system::error_code missing;
    const auto* found = value.find_pointer(pointer, missing);
    return found != nullptr && found->is_string() ? std::string(found->as_string()) : "";
}

/// What officers write may hold what an alert may not say: numbers of people, votes, credentials.
std::string for_strangers(const std::string& text) { return without_personal(text, {}); }

TimelineItem item_of(const ActionRow& row, std::string_view kind, const std::string& alert) {
    TimelineItem out{row.at, std::string(kind), row.who, row.action, alert};
    if (row.from != row.to && !row.from.empty())
        out.text += fmt::format(" ({} → {})", row.from, row.to);
    for (const std::string* part : {&row.why, &row.comment})
        if (!part->empty()) out.text += ": " + *part;
    return out;
}

}  // namespace

json::object to_json(const TimelineItem& item) {
    json::object out{{"at", to_rfc3339(item.at)}, {"kind", item.kind}, {"text", item.text}};
    if (!item.who.empty()) out["who"] = item.who;
    if (!item.alert.empty()) out["alert"] = item.alert;
    return out;
}

std::string Casework::message_for(Reader reader, const Alert& alert) const {
    if (reader == Reader::own) return alert.message;
    const auto told = options_.told_to_bssn ? options_.told_to_bssn(alert) : std::nullopt;
    return told ? text_at(*told, "/message") : "";
}

void Casework::tell_of_alert(const Place& place, Reader reader, std::vector<TimelineItem>& out) {
    const auto stored = alerts_.get(place.alert);
    if (stored && *stored) {
        if (const auto alert = alert_from_json(json::parse((*stored)->json))) {
            const std::string message = message_for(reader, *alert);
            out.push_back({alert->first_seen, "alert", "",
                           alert->rule->name + (message.empty() ? "" : ": " + message),
                           place.alert});
        }
    }
    if (const auto rows = triage_.actions("alert:" + place.alert, kMostTimeline))
        for (const ActionRow& row : *rows) out.push_back(item_of(row, "act", place.alert));
    if (const auto sent = triage_.notifications(place.alert, kMostTimeline))
        for (const Notification& one : *sent) {
            const bool arrived = one.delivered.has_value();
            out.push_back({one.delivered.value_or(one.queued), "notification", "",
                           fmt::format("{} {} {}", one.type,
                                       arrived ? "delivered to" : "queued for", one.destination),
                           place.alert});
        }
}

Answer<std::vector<TimelineItem>> Casework::timeline_of(const std::string& id, Reader reader) {
    std::vector<TimelineItem> out;
    const auto rows = triage_.actions("case:" + id, kMostActions);
    if (!rows) return refuse(rows.error());
    for (const ActionRow& row : *rows) out.push_back(item_of(row, "case", ""));
    const auto places = triage_.places_of_case(id, 1000);
    if (!places) return refuse(places.error());
    for (const Place& place : *places) {
        tell_of_alert(place, reader, out);
        if (out.size() > kMostTimeline) break;
    }
    std::multimap<Timestamp, TimelineItem> in_order;  // of one time: as they came
    for (TimelineItem& item : out) in_order.emplace(item.at, std::move(item));
    out.clear();
    for (auto& [at, item] : in_order)
        if (out.size() < kMostTimeline) out.push_back(std::move(item));
    return out;
}

Answer<Done> Casework::timeline(const std::string& id) {
    if (const auto known = show_case(id); !known) return known;
    const auto items = timeline_of(id, Reader::own);
    if (!items) return std::unexpected(items.error());
    json::array list;
    for (const TimelineItem& item : *items) list.push_back(to_json(item));
    Done out;
    out.body = {{"timeline", std::move(list)}, {"partial", items->size() == kMostTimeline}};
    return out;
}

Answer<ReportFacts> Casework::report_facts(const std::string& id) {
    const auto record = triage_.find_case(id);
    if (!record) return refuse(record.error());
    if (!*record) return refuse(404, "no case has the id " + id);
    auto items = timeline_of(id, Reader::bssn);
    if (!items) return std::unexpected(items.error());
    const auto places = triage_.places_of_case(id, 1000);
    if (!places) return refuse(places.error());
    ReportFacts out{.record = **record,
                    .reporter = options_.reporter,
                    .timeline = std::move(*items),
                    .alerts = places->size(),
                    .now = clock_.now()};
    for (TimelineItem& item : out.timeline) item.text = for_strangers(item.text);
    for (std::string* text : {&out.record.title, &out.record.description, &out.record.impact})
        *text = for_strangers(*text);
    for (const TimelineItem& item : out.timeline) {
        if (item.kind != "alert" || out.rules.size() >= 50) continue;
        std::string rule = item.text.substr(0, item.text.find(": "));
        if (std::ranges::find(out.rules, rule) == out.rules.end())
            out.rules.push_back(std::move(rule));
    }
    return out;
}

}  // namespace kentongan::api
