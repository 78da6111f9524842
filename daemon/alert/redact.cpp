// Applies a route to an alert's JSON.
#include "daemon/alert/redact.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "daemon/alert/personal.hpp"
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

/// What an alert is, its rule and its labels: always there, for nobody could tell alerts apart
/// without them. The members of `kentongan` are not.
bool stays(std::string_view path) {
    constexpr std::string_view kPaths[]{"@timestamp", "ecs", "event", "rule", "labels"};
    return path == "kentongan" ||
           std::ranges::any_of(kPaths, [&](auto of) { return is_within(path, of); });
}

/// Whether a path goes: the route withholds it or, when it names what it lets out, does not name
/// it.
bool goes(const Route& route, std::string_view path) {
    if (stays(path)) return false;
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

std::string_view kind_of(std::string_view path) {
    if (path.find("user") != std::string_view::npos) return "USER";
    if (path.find("host") != std::string_view::npos) return "HOST";
    if (path.ends_with("ip")) return "IP";
    if (is_within(path, "url")) return "URL";
    if (is_within(path, "file")) return "FILE";
    return "ID";
}

using Replacements = std::vector<std::pair<std::string, std::string>>;

/// What stands for the value at a path; nothing when it may be read.
std::optional<std::string> instead_of(const std::string& path, std::string_view text,
                                      const Route& route) {
    if (names(route.withhold, path) || goes(route, path)) return std::string(kWithheld);
    if (names(route.hash, path))
        return route.key ? route.key->name(kind_of(path), text) : std::string(kWithheld);
    if (!names(route.prefix, path)) return std::nullopt;
    const auto address = IpAddress::parse(text);
    return address ? network_of(*address) : std::string(kWithheld);
}

/// What stands for a text of a storm, which has samples of entities of many kinds: an address is as
/// those of related.ip, a host as those of related.hosts, anything else may be an account.
std::optional<std::string> instead_in_storm(const std::string& path, std::string_view text,
                                            const Alert& alert, const Route& route) {
    if (path == "kentongan.storm.name") {
        const auto slash = text.find('/');  // else it is a rule's id
        if (slash == std::string_view::npos || !IpAddress::parse(text.substr(0, slash)))
            return std::nullopt;
        auto by = instead_of("related.ip", text.substr(0, slash), route);
        return by ? by : instead_of("source.ip", text.substr(0, slash), route);
    }
    if (path != "kentongan.storm.entities") return std::nullopt;
    if (auto by = instead_of(path, text, route)) return by;
    const bool host = std::ranges::find(alert.related_hosts, text) != alert.related_hosts.end();
    const auto [many, one] = IpAddress::parse(text) ? std::pair{"related.ip", "source.ip"}
                             : host                 ? std::pair{"related.hosts", "host.hostname"}
                                                    : std::pair{"related.user", "user.name"};
    auto by = instead_of(many, text, route);
    return by ? by : instead_of(one, text, route);
}

/// Longest first, so that no value hides a longer one that contains it. Of several answers for one
/// value the first that is asked for is kept: the paths come in the alert's own order.
Replacements replacements_for(const json::value& whole, const Alert& alert, const Route& route) {
    std::map<std::string, std::string> values;
    for_each_text(whole, "", [&](const std::string& path, const json::string& text) {
        if (text.size() < kShortestBlotted || text == "kentongan") return;
        const std::string_view value{text.data(), text.size()};
        if (auto by = is_repeated_elsewhere(path) ? instead_of(path, value, route)
                                                  : instead_in_storm(path, value, alert, route)) {
            const auto [known, first] = values.try_emplace(std::string(text), *by);
            if (!first && *by != kWithheld && known->second == kWithheld) known->second = *by;
        }
    });
    Replacements out(values.begin(), values.end());
    std::ranges::sort(out, [](const auto& a, const auto& b) {
        return a.first.size() != b.first.size() ? a.first.size() > b.first.size()
                                                : a.first < b.first;
    });
    return out;
}

/// The pseudonyms themselves, and networks instead of addresses.
void replace_paths(json::object& root, const Route& route) {
    json::value whole = std::move(root);
    for_each_text(whole, "", [&](const std::string& path, json::string& text) {
        if (names(route.hash, path) || names(route.prefix, path))
            text = instead_of(path, {text.data(), text.size()}, route).value_or("");
    });
    root = std::move(whole.as_object());
    for (const auto* end : {"source", "destination"}) {
        auto* object = root.if_contains(end);
        if (object == nullptr || !names(route.prefix, std::string(end) + ".ip")) continue;
        json::object& place = object->as_object();
        const auto* ip = place.if_contains("ip");
        if (ip == nullptr) continue;
        json::value network = *ip;  // a copy: what is put in may move the others
        place["address"] = std::move(network);
        place.erase("ip");
    }
    auto* related = root.if_contains("related");
    if (related == nullptr || !names(route.prefix, "related.ip")) return;
    auto* list = related->as_object().if_contains("ip");
    if (list == nullptr) return;
    std::map<std::string, std::uint64_t> counts;
    for (const auto& item : list->as_array()) ++counts[std::string(item.as_string())];
    json::array prefixes;
    for (const auto& [prefix, count] : counts)
        prefixes.push_back(json::object{{"prefix", prefix}, {"addresses", count}});
    root["kentongan"].as_object()["prefixes"] = std::move(prefixes);
    related->as_object().erase("ip");
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Replaces whole occurrences: "root" in "for root" but not in "rooted".
void blot_out(json::string& text, const std::string& value, std::string_view by) {
    std::string out;
    std::string_view rest{text.data(), text.size()};
    char before = ' ';
    for (auto at = rest.find(value); at != std::string_view::npos; at = rest.find(value)) {
        const std::size_t end = at + value.size();
        const char left = at == 0 ? before : rest[at - 1];
        const bool whole = !(is_word(left) && is_word(value.front())) &&
                           !(end < rest.size() && is_word(rest[end]) && is_word(value.back()));
        out += rest.substr(0, at);
        out += whole ? by : std::string_view{value};
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
           path == "kentongan.evidence.source" || path == "kentongan.evidence.excerpt" ||
           path == "kentongan.severity_reasons" || path == "kentongan.suppressed" ||
           path == "kentongan.storm.name" || path == "kentongan.storm.entities";
}

}  // namespace

std::string network_of(const IpAddress& address) {
    const bool v4 = address.is_v4();
    return fmt::format("{}/{}", address.masked(v4 ? 96 + 16 : 48).to_string(), v4 ? 16 : 48);
}

bool is_let_out(const Route& route, std::string_view path) {
    return !goes(route, path) && !names(route.hash, path) && !names(route.prefix, path);
}

json::object redacted(const Alert& alert, const Route& route) {
    json::value out = to_json(alert);
    const Replacements gone = replacements_for(out, alert, route);
    PersonalPolicy policy{.personal = route.personal,
                          .secrets = route.full,
                          .tallies = route.tallies,
                          .candidates = route.candidates,
                          .key = route.key.get()};
    if (route.names) policy.names = *route.names;
    remove_paths(out, "", route);
    json::object& root = out.as_object();
    root["labels"].as_object()["tlp"] = name_of(route.tlp);
    if (!root.contains("message")) root["message"] = alert.rule->name;
    for_each_text(out, "", [&](const std::string& path, json::string& text) {
        if (!is_free_text(path) || names(route.hash, path) || names(route.prefix, path)) return;
        if (auto by = instead_in_storm(path, {text.data(), text.size()}, alert, route)) {
            text = *by;
            return;
        }
        for (const auto& [value, by] : gone) blot_out(text, value, by);
        if (!route.full) text = without_personal({text.data(), text.size()}, policy);
    });
    replace_paths(out.as_object(), route);
    return std::move(out.as_object());
}

}  // namespace kentongan
