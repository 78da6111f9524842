#include "collectors/report/report.hpp"

#include <boost/json.hpp>

#include "daemon/base/text.hpp"

namespace kentongan::report {

namespace json = boost::json;

namespace {

std::string_view text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

std::vector<StoredPhoto> photos_of(const json::object& object) {
    std::vector<StoredPhoto> out;
    const auto* list = object.if_contains("photos");
    if (list == nullptr || !list->is_array()) return out;
    for (const json::value& item : list->get_array()) {
        const auto* photo = item.if_object();
        if (photo == nullptr) continue;
        const auto* bytes = photo->if_contains("bytes");
        out.push_back({std::string(text_of(*photo, "name")), std::string(text_of(*photo, "sha256")),
                       bytes != nullptr && bytes->is_int64() && bytes->get_int64() >= 0
                           ? static_cast<std::uint64_t>(bytes->get_int64())
                           : 0});
    }
    return out;
}

Field happened_field() {
    static const Field kField = intern_field("report.happened_at").value_or(Field::event_start);
    return kField;
}
Field photos_field() {
    static const Field kField = intern_field("report.photos").value_or(Field::event_sequence);
    return kField;
}

}  // namespace

std::string to_json(const Report& report) {
    json::object out{{"@timestamp", to_rfc3339(report.received, 9)},
                     {"ticket", report.ticket},
                     {"category", report.category},
                     {"language", name_of(report.language)},
                     {"sender", report.sender}};
    if (!report.tps.empty()) out["tps"] = report.tps;
    if (!report.area.empty()) out["area"] = report.area;
    if (report.happened) out["happened_at"] = to_rfc3339(*report.happened, 0);
    out["text"] = report.text;
    json::array photos;
    for (const StoredPhoto& photo : report.photos)
        photos.push_back(
            json::object{{"name", photo.name}, {"sha256", photo.sha256}, {"bytes", photo.bytes}});
    if (!photos.empty()) out["photos"] = std::move(photos);
    return json::serialize(out);
}

std::optional<Report> report_from_json(std::string_view text) {
    boost::system::error_code bad;
    const json::value value = json::parse(text, bad);
    if (bad || !value.is_object()) return std::nullopt;
    const json::object& object = value.get_object();
    Report out;
    const auto received = parse_rfc3339(text_of(object, "@timestamp"));
    out.ticket = text_of(object, "ticket");
    out.category = text_of(object, "category");
    if (!received || out.ticket.empty() || !is_category(out.category)) return std::nullopt;
    out.received = *received;
    out.language = parse_language(text_of(object, "language")).value_or(Language::indonesian);
    out.sender = text_of(object, "sender");
    out.tps = text_of(object, "tps");
    out.area = text_of(object, "area");
    out.happened = parse_rfc3339(text_of(object, "happened_at"));
    out.text = text_of(object, "text");
    out.photos = photos_of(object);
    return out;
}

void describe(const Report& report, Event& out) {
    out.kind = EventKind::report;
    out.time = report.received;
    out.logsource = {"", "report", ""};
    out.set(Field::report_id, report.ticket);
    out.set(Field::report_category, report.category);
    out.set(Field::report_language, name_of(report.language));
    out.set(Field::report_sender, report.sender);
    if (!report.tps.empty()) out.set(Field::sirekap_tps, report.tps);
    if (!report.area.empty()) out.set(Field::sirekap_area, report.area);
    if (report.happened) out.set(happened_field(), to_rfc3339(*report.happened, 0));
    if (!report.photos.empty())
        out.set(photos_field(), static_cast<std::int64_t>(report.photos.size()));
    out.set(Field::message, report.text);
}

}  // namespace kentongan::report
