// Bodies that stay below a limit: what is left out first when an alert is too long.
#include <boost/json.hpp>

#include "daemon/alert/redact.hpp"
#include "daemon/base/text.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

void drop_excerpts(json::object& data) {
    if (auto* evidence = data["kentongan"].as_object().if_contains("evidence"))
        for (auto& item : evidence->as_array()) item.as_object().erase("excerpt");
}
void drop_evidence(json::object& data) { data["kentongan"].as_object().erase("evidence"); }
void drop_related(json::object& data) { data.erase("related"); }
void shorten(json::value& value) {
    constexpr std::size_t kItems = 16;
    constexpr std::size_t kText = 200;
    if (auto* array = value.if_array(); array != nullptr && array->size() > kItems)
        array->erase(array->begin() + kItems, array->end());
    if (auto* array = value.if_array())
        for (auto& item : *array) shorten(item);
    if (auto* object = value.if_object())
        for (auto& member : *object) shorten(member.value());
    if (auto* text = value.if_string(); text != nullptr && text->size() > kText)
        *text = printable_utf8({text->data(), text->size()}, kText);
}
void shorten_texts(json::object& data) {
    for (auto& member : data) shorten(member.value());
}

}  // namespace

std::string fitted(json::object alert, std::size_t cap,
                   const std::function<std::string(const json::object&)>& render) {
    std::string out = render(alert);
    for (const auto& drop : {drop_excerpts, drop_evidence, drop_related, shorten_texts}) {
        if (out.size() < cap) break;
        drop(alert);
        alert["kentongan"].as_object()["truncated"] = true;
        out = render(alert);
    }
    return out;
}

std::string enveloped(json::object alert, std::string_view type, std::string_view timestamp) {
    return fitted(std::move(alert), kMaximumBody, [&](const json::object& data) {
        return json::serialize(
            json::object{{"type", type}, {"timestamp", timestamp}, {"data", data}});
    });
}

std::string outbound_body(const Alert& alert, const Route& route, std::string_view type) {
    return enveloped(redacted(alert, route), type, to_rfc3339(alert.last_seen));
}

}  // namespace kentongan
