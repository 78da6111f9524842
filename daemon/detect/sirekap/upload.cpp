// Reads uploads out of events.
#include "daemon/detect/sirekap/upload.hpp"

#include "daemon/base/text.hpp"

namespace kentongan::sirekap {

namespace {

bool is_upload_method(std::string_view method) { return method == "PUT" || method == "POST"; }

/// The second part of /{profile}/{race}/formc-image/upload.
std::string_view race_of_route(std::string_view path) {
    if (!path.starts_with('/')) return {};
    path.remove_prefix(1);
    (void)take_until(path, '/');
    const auto race = take_until(path, '/');
    return race.starts_with('p') ? race : std::string_view{};
}

std::uint8_t page_of(const Value& value) {
    const auto number = value.number();
    return number && *number >= 1 && *number <= 200 ? static_cast<std::uint8_t>(*number) : 0;
}

std::string_view text_at(const Event& event, std::size_t i) {
    return event.type_at(i) == Value::Type::text ? event.text_at(i) : std::string_view{};
}

}  // namespace

Field image_url_field() {
    static const Field kField = intern_field("sirekap.image_url").value();
    return kField;
}

bool tells_of_upload(const Event& event) {
    switch (event.kind) {
        case EventKind::upload:
            return event.has(Field::sirekap_tps);
        case EventKind::published:
            return event.has(image_url_field());
        case EventKind::web:
            return is_upload_method(event.text(Field::http_request_method)) &&
                   may_be_image_address(event.text(Field::url_path));
        default:
            return false;
    }
}

/// In one pass over the fields: there are millions of calls, and fields are looked up by walking.
Upload upload_of_call(const Event& event) {
    Upload out;
    out.time = event.time;
    std::string_view route;
    for (std::size_t i = event.size(); i-- > 0;) {  // the first of a field counts
        switch (event.field_at(i)) {
            case Field::sirekap_tps:
                out.code = text_at(event, i);
                break;
            case Field::sirekap_page:
                out.page = page_of(event.value_at(i));
                break;
            case Field::sirekap_race:
                out.race = text_at(event, i);
                break;
            case Field::sirekap_account:
                out.account = text_at(event, i);
                break;
            case Field::sirekap_device:
                out.device = text_at(event, i);
                break;
            case Field::url_path:
                route = text_at(event, i);
                break;
            case Field::event_outcome:
                out.refused = text_at(event, i) == "failure";
                break;
            case Field::file_name:
                read_image_address(text_at(event, i), out.address);
                break;
            default:
                break;
        }
    }
    out.tps = TpsCode::parse(out.code);
    if (out.race.empty()) out.race = race_of_route(route);
    return out;
}

std::optional<Upload> upload_of_request(const Event& event) {
    if (!is_upload_method(event.text(Field::http_request_method))) return std::nullopt;
    const auto status = event.integer(Field::http_response_status_code).value_or(0);
    if (status < 200 || status >= 300) return std::nullopt;
    auto out = upload_of_image(event.text(Field::url_path), {});
    if (!out) return std::nullopt;
    out->time = event.time;
    out->is_live = true;
    return out;
}

std::optional<Upload> upload_of_image(std::string_view address, std::string_view race) {
    Upload out;
    read_image_address(address, out.address);
    if (!out.address) return std::nullopt;
    out.tps = out.address->tps;
    out.time = out.address->stamp;
    out.race = race.empty() ? out.address->race : race;
    out.is_live = false;
    return out;
}

}  // namespace kentongan::sirekap
