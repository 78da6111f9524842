// Applies a route to an alert's JSON.
#include "daemon/alert/redact.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "daemon/base/text.hpp"

namespace kentongan {

namespace json = boost::json;

namespace {

using Paths = std::vector<std::string>;
constexpr std::string_view kWithheld = "[withheld]";
constexpr std::size_t kShortestBlotted = 3;  // shorter values would blot out half of a sentence

bool is_within(std::string_view path, std::string_view of) {
    return path == of || (path.starts_with(of) && path.substr(of.size()).starts_with('.'));
}
bool names(const Paths& paths, std::string_view path) {
    return std::ranges::any_of(paths, [&](const auto& of) { return is_within(path, of); });
}
/// Whether `path` is on the way to one of the paths.
bool leads_to(const Paths& paths, std::string_view path) {
    return std::ranges::any_of(paths, [&](const auto& of) { return is_within(of, path); });
}

std::string below(std::string_view path, std::string_view key) {
    return path.empty() ? std::string(key) : std::string(path) + "." + std::string(key);
}

/// Calls `visit(path, text)` for each string; members of an array have the array's path.
template <class Json, class Visit>
void for_each_text(Json& value, const std::string& path, const Visit& visit) {
    if (auto* object = value.if_object())
        for (auto&& [key, member] : *object) for_each_text(member, below(path, key), visit);
    else if (auto* array = value.if_array())
        for (auto& item : *array) for_each_text(item, path, visit);
    else if (auto* text = value.if_string())
        visit(path, *text);
}

/// Whether a path goes: it can, and the route withholds it or does not name it.
bool goes(const Route& route, std::string_view path) {
    if (!is_redactable(path)) return false;
    if (names(route.withhold, path)) return true;
    return !route.only.empty() && !names(route.only, path) && !leads_to(route.only, path);
}

void remove_paths(json::value& value, const std::string& path, const Route& route) {
    if (auto* array = value.if_array())
        for (auto& item : *array) remove_paths(item, path, route);
    auto* object = value.if_object();
    if (object == nullptr) return;
    for (auto it = object->begin(); it != object->end();) {
        const std::string member = below(path, it->key());
        if (goes(route, member)) {
            it = object->stable_erase(it);
            continue;
        }
        remove_paths(it->value(), member, route);
        ++it;
    }
}

/// Values that other texts of the alert may repeat: who and where, not what.
bool is_repeated_elsewhere(std::string_view path) {
    constexpr std::string_view kPaths[]{"observer",
                                        "source",
                                        "destination",
                                        "user",
                                        "host",
                                        "url",
                                        "file",
                                        "related",
                                        "kentongan.sirekap",
                                        "kentongan.entity"};
    return std::ranges::any_of(kPaths, [&](auto of) { return is_within(path, of); });
}

/// Longest first, so that no value hides a longer one that contains it.
std::vector<std::string> withheld_values(const json::value& alert, const Route& route) {
    std::set<std::string> values;
    for_each_text(alert, "", [&](const std::string& path, const json::string& text) {
        const bool gone = names(route.withhold, path) || goes(route, path);
        if (gone && is_repeated_elsewhere(path) && text.size() >= kShortestBlotted &&
            text != "kentongan")
            values.emplace(text);
    });
    std::vector<std::string> out(values.begin(), values.end());
    std::ranges::sort(out, [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    return out;
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Replaces whole occurrences: "root" in "for root" but not in "rooted".
void blot_out(json::string& text, const std::string& value) {
    std::string out;
    std::string_view rest{text.data(), text.size()};
    char before = ' ';
    for (auto at = rest.find(value); at != std::string_view::npos; at = rest.find(value)) {
        const std::size_t end = at + value.size();
        const char left = at == 0 ? before : rest[at - 1];
        const bool whole = !(is_word(left) && is_word(value.front())) &&
                           !(end < rest.size() && is_word(rest[end]) && is_word(value.back()));
        out += rest.substr(0, at);
        out += whole ? kWithheld : std::string_view{value};
        before = value.back();
        rest.remove_prefix(end);
    }
    if (out.empty()) return;
    out += rest;
    text = out;
}

/// Texts that identify the alert, the rule or a hash stay as they are.
bool is_free_text(std::string_view path) {
    return path == "message" || is_within(path, "observer") || is_within(path, "source") ||
           is_within(path, "destination") || is_within(path, "user") || is_within(path, "host") ||
           is_within(path, "url") || path == "file.path" || path == "related.ip" ||
           path == "related.user" || path == "related.hosts" || path == "kentongan.entity" ||
           path == "kentongan.evidence.source" || path == "kentongan.evidence.excerpt";
}

}  // namespace

json::object redacted(const Alert& alert, const Route& route) {
    json::value out = to_json(alert);
    const std::vector<std::string> gone = withheld_values(out, route);
    remove_paths(out, "", route);
    json::object& root = out.as_object();
    root["labels"].as_object()["tlp"] = name_of(route.tlp);
    if (!root.contains("message")) root["message"] = alert.rule->name;
    for_each_text(out, "", [&](const std::string& path, json::string& text) {
        if (!is_free_text(path)) return;
        for (const std::string& value : gone) blot_out(text, value);
        if (!route.full) text = mask_nik({text.data(), text.size()});
    });
    return std::move(out.as_object());
}

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

std::string outbound_body(const Alert& alert, const Route& route, std::string_view type) {
    json::object body{{"type", type},
                      {"timestamp", to_rfc3339(alert.last_seen)},
                      {"data", redacted(alert, route)}};
    json::object& data = body["data"].as_object();
    std::string out = json::serialize(body);
    for (const auto& drop : {drop_excerpts, drop_evidence, drop_related, shorten_texts}) {
        if (out.size() < kMaximumBody) break;
        drop(data);
        data["kentongan"].as_object()["truncated"] = true;
        out = json::serialize(body);
    }
    return out;
}

}  // namespace kentongan
