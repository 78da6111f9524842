// From the route table to OpenAPI 3.1.
#include "daemon/api/openapi.hpp"

#include <boost/json.hpp>

#include "daemon/api/handlers.hpp"
#include "daemon/base/text.hpp"

namespace kentongan::api {

namespace json = boost::json;

namespace {

/// "string", or ["string","null"] of "string/null".
json::value type_of(std::string_view types) {
    if (!types.contains('/')) return json::value(types);
    json::array out;
    while (!types.empty()) out.push_back(json::value(take_until(types, '/')));
    return out;
}

/// "/alerts/{id}:ack" -> "alerts_id_ack_post"
std::string operation_id(const Route& route) {
    std::string out;
    for (const char c : route.pattern) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (word)
            out += c;
        else if (!out.empty() && out.back() != '_')
            out += '_';
    }
    while (out.ends_with('_')) out.pop_back();
    for (const char c : route.method) {
        if (&c == route.method.data()) out += '_';
        out += static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

json::array parameters_of(const Route& route) {
    json::array out;
    const std::string_view pattern = route.pattern;
    for (auto open = pattern.find('{'); open != std::string_view::npos;
         open = pattern.find('{', open + 1)) {
        const auto close = pattern.find('}', open);
        out.push_back({{"name", pattern.substr(open + 1, close - open - 1)},
                       {"in", "path"},
                       {"required", true},
                       {"schema", {{"type", "string"}}}});
    }
    for (const Member& one : members_of(route.query, false))
        out.push_back({{"name", one.name},
                       {"in", "query"},
                       {"required", one.required},
                       {"schema", {{"type", type_of(one.type)}}}});
    return out;
}

json::object schema_of(std::string_view words) {
    json::object properties;
    json::array required;
    for (const Member& one : members_of(words)) {
        properties[one.name] = json::object{{"type", type_of(one.type)}};
        if (one.required) required.push_back(json::value(one.name));
    }
    json::object out{{"type", "object"}};
    if (!properties.empty()) out["properties"] = std::move(properties);
    if (!required.empty()) out["required"] = std::move(required);
    return out;
}

json::object content(std::string_view type, json::object schema) {
    return {{type, json::object{{"schema", std::move(schema)}}}};
}

json::object success_of(const Route& route) {
    json::object out{{"description", route.status == 201   ? "it was made"
                                     : route.status == 204 ? "it was done"
                                                           : "what was asked for"}};
    if (route.status == 204) return out;
    const bool is_json = route.type == "application/json";
    out["content"] =
        content(route.type, is_json ? schema_of(route.members) : json::object{{"type", "string"}});
    return out;
}

json::object reference(std::string_view name) {
    return {{"$ref", fmt::format("#/components/responses/{}", name)}};
}

json::object responses_of(const Route& route) {
    json::object out{{std::to_string(route.status), success_of(route)}};
    if (route.may_wait)
        out["202"] = {{"description", "a second person has to confirm it first"},
                      {"content",
                       content("application/json", schema_of("pending:boolean approval expires"))}};
    if (!route.query.empty() || !route.body.empty()) out["400"] = reference("refused");
    if (!route.body.empty()) out["415"] = reference("not_json");
    if (route.access == Access::open) return out;
    out["401"] = reference("unknown");
    out["403"] = reference("forbidden");
    out["429"] = reference("limited");
    if (route.pattern.contains('{')) out["404"] = reference("absent");
    if (route.method != "GET") {
        out["400"] = reference("refused");
        out["412"] = reference("changed");
    }
    return out;
}

json::object operation(const Route& route) {
    json::object out{{"operationId", operation_id(route)},
                     {"summary", route.summary},
                     {"responses", responses_of(route)}};
    if (auto parameters = parameters_of(route); !parameters.empty())
        out["parameters"] = std::move(parameters);
    if (!route.body.empty())
        out["requestBody"] = json::object{
            {"required", true}, {"content", content("application/json", schema_of(route.body))}};
    if (route.access == Access::token) {
        out["security"] = json::array{{{"token", json::array{}}}, {{"session", json::array{}}}};
        out["x-kentongan-least-role"] = name_of(route.least);
    }
    return out;
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

json::object problems() {
    json::object out;
    for (const auto& [name, description] :
         std::initializer_list<std::pair<const char*, const char*>>{
             {"refused", "something that was sent is wrong; errors names what"},
             {"unknown", "no token and no session that is known"},
             {"forbidden", "the role is too small"},
             {"absent", "there is no such thing"},
             {"changed", "somebody changed it first: If-Match names an older revision"},
             {"not_json", "a body is sent as application/json"},
             {"limited", "too many requests; Retry-After says how long to wait"}})
        out[name] = {{"description", description},
                     {"content",
                      {{"application/problem+json",
                        {{"schema", {{"$ref", "#/components/schemas/problem"}}}}}}}};
    return out;
}

json::object components() {
    const json::object text{{"type", "string"}};
    json::object problem{{"type", "object"},
                         {"required", json::array{"type", "title", "status"}},
                         {"properties",
                          {{"type", text},
                           {"title", text},
                           {"status", {{"type", "integer"}}},
                           {"detail", text},
                           {"instance", text},
                           {"errors", {{"type", "array"}, {"items", {{"type", "object"}}}}}}}};
    return {{"schemas", {{"problem", std::move(problem)}}},
            {"responses", problems()},
            {"securitySchemes",
             {{"token", {{"type", "http"}, {"scheme", "bearer"}}},
              {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "kentongan_session"}}}}}};
}

}  // namespace

json::object openapi(std::span<const Route> routes) {
    json::object paths;
    for (const Route& route : routes) {
        auto& path = paths[route.pattern];
        if (!path.is_object()) path = json::object{};
        path.as_object()[lower(route.method)] = operation(route);
    }
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "Kentongan"},
              {"version", KENTONGAN_VERSION},
              {"description", "Alerts, triage, evidence and the state of one sensor."}}},
            {"paths", std::move(paths)},
            {"components", components()}};
}

std::string route_table(std::span<const Route> routes) {
    std::string out = "| route | least role | takes | gives | what |\n|---|---|---|---|---|\n";
    for (const Route& route : routes) {
        std::string takes;
        for (const std::string_view words : {route.query, route.body})
            if (!words.empty()) takes += fmt::format("{}`{}`", takes.empty() ? "" : "; ", words);
        out += fmt::format(
            "| `{} {}` | {} | {} | {}{} | {} |\n", route.method, route.pattern,
            route.access == Access::open ? "open" : name_of(route.least), takes, route.status,
            route.type == "application/json" ? "" : fmt::format(" {}", route.type), route.summary);
    }
    return out;
}

Task<Response> show_openapi(Call call) {
    co_return json_answer(call, json::serialize(openapi(routes())));
}

}  // namespace kentongan::api
